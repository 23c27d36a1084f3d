/** What changes about a batch that somebody may want to be told: a few fields of each, because there may be many. */
import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

const FIELDS = ['finished', 'pausedAt', 'parked', 'purgingAt', 'submitted', 'failed', 'cancelled'] as const;
/** Batches that are asked about at once. */
const CHUNK = 200;

export interface BatchMarks {
  id: string;
  isFinished: boolean;
  /** A purge has begun: its counts say nothing any more. */
  isGoing: boolean;
  /** Differs where any of the fields does. */
  text: string;
}

/** Oldest first. */
export async function listMarks({ redis, account }: LedgerAccess): Promise<BatchMarks[]> {
  const ids = await redis.zrange(accountKeys(account).batches, '0', '-1');
  const all: BatchMarks[] = [];
  for (let from = 0; from < ids.length; from += CHUNK) {
    const chunk = ids.slice(from, from + CHUNK);
    const found = await Promise.all(chunk.map((id) => redis.hmget(batchKeys(account, id).batch, ...FIELDS)));
    for (const [index, values] of found.entries())
      all.push({
        id: chunk[index] ?? '',
        isFinished: values[0] !== null,
        isGoing: values[3] !== null,
        text: values.map((value) => value ?? '').join(' '),
      });
  }
  return all;
}
