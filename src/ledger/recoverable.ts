/** The rows that the recurring redrive retries: those that failed for a temporary reason. */
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** Oldest first. */
export async function listRecoverable(
  { redis, account }: LedgerAccess,
  limit: number,
): Promise<{ batchId: string; row: number }[]> {
  const members = await redis.zrange(accountKeys(account).recoverable, '0', String(limit - 1));
  return members.map((member) => {
    const [batchId = '', row] = member.split(' ');
    return { batchId, row: Number(row) };
  });
}

/** Leaves a row out of the recurring redrive from now on. */
export async function dropRecoverable(
  { redis, account }: LedgerAccess,
  batchId: string,
  row: number,
): Promise<void> {
  await redis.zrem(accountKeys(account).recoverable, `${batchId} ${row}`);
}
