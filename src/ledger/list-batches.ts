import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { Batch } from './batch-record.ts';
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

async function readBatches(ledger: LedgerAccess, ids: readonly string[]): Promise<Batch[]> {
  const batches = await Promise.all(ids.map((id) => readBatch(ledger, id)));
  return batches.filter((batch) => batch !== undefined);
}
