import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** Removes a batch with its personal data; what is known of its customers are fingerprints, and stays. */
export async function purge({ redis, account }: LedgerAccess, batchId: string): Promise<void> {
  await redis.zrem(accountKeys(account).batches, batchId);
  await redis.unlink(...Object.values(batchKeys(account, batchId)));
}
