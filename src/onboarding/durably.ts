/** Changes that are only confirmed once Redis cannot forget them. */
import type { Writes } from '../redis/durable.ts';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccount } from './open-ledger.ts';

type Lasting = Pick<LedgerAccount, 'account' | 'durable' | 'settings'>;

/** To be called before writing. @throws AppError REDIS_NOT_DURABLE if this Redis may forget and the settings refuse that */
export function beginWrites({ account, durable, settings }: Lasting): Promise<Writes> {
  return durable.begin(accountKeys(account.ledger).durable, settings.durability);
}

/**
 * Makes a change and waits until it cannot be forgotten. Where Redis may forget, it is made all the same: people must be
 * able to stop what runs there.
 * @throws AppError NOT_DURABLE_YET if it may be forgotten by a Redis that could have kept it; whatever the change throws
 */
export async function durably<Open extends Lasting, Result>(
  open: Open,
  change: (open: Open) => Promise<Result>,
): Promise<Result> {
  const writes = await open.durable.begin(accountKeys(open.account.ledger).durable, 'relaxed');
  return confirmed(writes, () => change(open));
}

/**
 * Adds new work, and waits until it cannot be forgotten.
 * @throws AppError NOT_DURABLE_YET, REDIS_NOT_DURABLE; whatever the change throws
 */
export async function durablyNew<Open extends Lasting, Result>(
  open: Open,
  change: (open: Open) => Promise<Result>,
): Promise<Result> {
  return confirmed(await beginWrites(open), () => change(open));
}

async function confirmed<Result>(writes: Writes, change: () => Promise<Result>): Promise<Result> {
  const result = await change();
  await writes.confirm();
  return result;
}
