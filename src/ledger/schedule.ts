/** When the recurring redrive runs, as a person chose it for the account: a cron pattern, or `off`. */
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** @returns undefined if nobody has chosen one; then the configuration applies */
export async function readSchedule({ redis, account }: LedgerAccess): Promise<string | undefined> {
  return (await redis.get(accountKeys(account).schedule)) ?? undefined;
}

/** Applies to every worker that starts later. */
export async function chooseSchedule({ redis, account }: LedgerAccess, pattern: string): Promise<void> {
  await redis.set(accountKeys(account).schedule, pattern);
}
