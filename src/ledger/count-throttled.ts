import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** Counts a throttled call of a batch, for its progress line. */
export async function countThrottled({ redis, account }: LedgerAccess, batchId: string): Promise<void> {
  await redis.hincrby(batchKeys(account, batchId).batch, 'throttled', 1);
}
