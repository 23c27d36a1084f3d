import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** From here on no worker starts a row of this batch. */
export async function markCancelling({ redis, account }: LedgerAccess, batchId: string): Promise<void> {
  await redis.hset(batchKeys(account, batchId).batch, 'state', 'cancelling');
}
