import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { memberOf, type Redrive, serializeRedrive } from './redrive-record.ts';

/** From here on all rows of the redrive have their jobs. */
export async function endRedrive(
  { redis, account, now }: LedgerAccess,
  batchId: string,
  redrive: Redrive,
): Promise<void> {
  const { redrives } = batchKeys(account, batchId);
  await redis
    .multi()
    .hset(redrives, String(redrive.number), serializeRedrive({ ...redrive, enqueued: now() }))
    .zrem(accountKeys(account).unfinishedRedrives, memberOf(batchId, redrive.number))
    .exec();
}
