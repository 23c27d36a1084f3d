import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** @returns whether it is up to the caller to withdraw the jobs of a batch that paused. */
export async function claimWithdrawal({ redis, account }: LedgerAccess, batchId: string): Promise<boolean> {
  return (await redis.hsetnx(batchKeys(account, batchId).batch, 'withdrawn', '1')) === 1;
}
