import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** Deletes a batch with its personal data; what stays known of its customers is fingerprints. */
export async function purge({ redis, account }: LedgerAccess, batchId: string): Promise<void> {
  await redis.zrem(accountKeys(account).batches, batchId);
  await redis.unlink(...Object.values(batchKeys(account, batchId)));
}
