/** Installations in this process: as the environment of a world says, with changes to its account. */
import { onTestFinished } from 'vitest';
import { createOnboarding, type Onboarding } from '../../src/index.ts';
import { createLogger } from '../../src/logger.ts';
import { type Account, accountsOf } from '../../src/onboarding/accounts.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import { type CustomerRow, writeInput } from './customers.ts';
import type { World } from './world.ts';

type AccountChanges = Partial<Settings['accounts'][number]>;

/** Settings with one account for each object of changes. */
export function withAccounts({ settings }: World, ...accounts: AccountChanges[]): Settings {
  const [first] = settings.accounts;
  if (first === undefined) throw new Error('A world has an account.');
  return { ...settings, accounts: accounts.map((changes) => ({ ...first, ...changes })) };
}

export const accountOf = (settings: Settings, index = 0): Account => accountsOf(settings)[index] as Account;

export function openInstallation({ environment }: World, settings: Settings): Onboarding {
  const onboarding = createOnboarding(settings, { environment, logger: createLogger('silent') });
  onTestFinished(() => onboarding.close());
  return onboarding;
}

/** What an import needs besides the account. */
export async function orderOf(world: World, rows: readonly CustomerRow[]) {
  return { from: { path: await writeInput(world, rows) }, agreements: world.agreements, by: 'test' };
}

/** Imports rows and waits until nothing more happens to them. @returns the batch */
export async function importAndFollow(onboarding: Onboarding, world: World, rows: readonly CustomerRow[]) {
  const { batchId } = await onboarding.import(await orderOf(world, rows));
  for await (const { isOver, batch } of onboarding.follow(batchId)) if (isOver) return batch;
  throw new Error('Following a batch ends when it is over.');
}
