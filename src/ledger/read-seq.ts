import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** The number of the newest submit. */
export async function readSeq({ redis, account }: LedgerAccess): Promise<number> {
  return Number(await redis.hget(accountKeys(account).counters, 'seq'));
}
