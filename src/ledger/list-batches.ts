import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { Batch, BatchState } from './batch-record.ts';
import { readBatch } from './read-batch.ts';

/** The newest batches first. */
export async function listBatches(ledger: LedgerAccess, limit: number): Promise<Batch[]> {
  const ids = await ledger.redis.zrevrange(accountKeys(ledger.account).batches, 0, limit - 1);
  return readBatches(ledger, ids);
}

/** Finished batches that ended before a time (milliseconds since 1970), oldest first. */
export async function listFinishedBefore(ledger: LedgerAccess, time: number): Promise<Batch[]> {
  const ids = await ledger.redis.zrangebyscore(accountKeys(ledger.account).batches, '-inf', time);
  const batches = await readBatches(ledger, ids);
  return batches.filter(({ state, finished = time }) => state === 'finished' && finished < time);
}

/** Batches in one of these states, oldest first. Nothing else is read of them, so one that is damaged hides no other. */
export async function listBatchIds(
  { redis, account }: LedgerAccess,
  states: readonly BatchState[],
): Promise<string[]> {
  const ids = await redis.zrange(accountKeys(account).batches, '0', '-1');
  const stored = await Promise.all(ids.map((id) => redis.hget(batchKeys(account, id).batch, 'state')));
  return ids.filter((_, index) => states.some((state) => state === stored[index]));
}

async function readBatches(ledger: LedgerAccess, ids: readonly string[]): Promise<Batch[]> {
  const batches = await Promise.all(ids.map((id) => readBatch(ledger, id)));
  return batches.filter((batch) => batch !== undefined);
}
