import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { Batch } from './batch-record.ts';
import { readBatch } from './read-batch.ts';

/** The newest batches first. */
export async function listBatches(ledger: LedgerAccess, limit: number): Promise<Batch[]> {
  const ids = await ledger.redis.zrevrange(accountKeys(ledger.account).batches, 0, limit - 1);
  return readBatches(ledger, ids);
}

/** A batch among those of its account, by when it was created (milliseconds since 1970) and its id. */
export interface BatchPlace {
  created: number;
  id: string;
}

/** Batches that are read at once. */
const CHUNK = 100;

/** Those after a place, the newest first, and those of one millisecond by their ids. @param from the oldest, in milliseconds since 1970 */
export async function* iterateNewest(
  ledger: LedgerAccess,
  { after, from = 0 }: { after?: BatchPlace | undefined; from?: number | undefined },
): AsyncGenerator<Batch> {
  const key = accountKeys(ledger.account).batches;
  const flat = await ledger.redis.zrevrangebyscore(key, after?.created ?? '+inf', from, 'WITHSCORES');
  const ids = flat.filter((id, index) => index % 2 === 0 && isAfter(after, Number(flat[index + 1]), id));
  for (let first = 0; first < ids.length; first += CHUNK)
    yield* await readBatches(ledger, ids.slice(first, first + CHUNK));
}

function isAfter(after: BatchPlace | undefined, created: number, id: string): boolean {
  return after === undefined || created < after.created || id < after.id;
}

/** Finished batches that ended before a time (milliseconds since 1970), oldest first. */
export async function listFinishedBefore(ledger: LedgerAccess, time: number): Promise<Batch[]> {
  const ids = await ledger.redis.zrangebyscore(accountKeys(ledger.account).batches, '-inf', time);
  const batches = await readBatches(ledger, ids);
  return batches.filter(({ state, finished = time }) => state === 'finished' && finished < time);
}

/** All batches, oldest first. */
export async function listIds({ redis, account }: LedgerAccess): Promise<string[]> {
  return redis.zrange(accountKeys(account).batches, '0', '-1');
}

/** Batches to which something still happens, oldest first. Nothing else is read of them, so one that is damaged hides no other. */
export async function listUnfinishedIds(ledger: LedgerAccess): Promise<string[]> {
  const { redis, account } = ledger;
  const ids = await listIds(ledger);
  const finished = await Promise.all(
    ids.map((id) => redis.hexists(batchKeys(account, id).batch, 'finished')),
  );
  return ids.filter((_, index) => finished[index] === 0);
}

/** Batches to which something still happens, oldest first. */
export async function listUnfinished(ledger: LedgerAccess): Promise<Batch[]> {
  return readBatches(ledger, await listUnfinishedIds(ledger));
}

/** A batch that cannot be read hides no other; whoever asks for it alone is told. */
async function readBatches(ledger: LedgerAccess, ids: readonly string[]): Promise<Batch[]> {
  const batches = await Promise.allSettled(ids.map((id) => readBatch(ledger, id)));
  return batches.flatMap((read) => (read.status === 'fulfilled' ? (read.value ?? []) : []));
}
