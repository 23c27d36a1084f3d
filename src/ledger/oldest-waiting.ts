import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { Outcome } from './outcome.ts';
import { readRecords } from './read-records.ts';
import { iterateNumbers } from './row-numbers.ts';

/** In these a row waits for its next call, or for another row. */
const WAITING: readonly Outcome[] = ['pending', 'waiting', 'uploaded'];
/** Rows that are looked at, from the first that waits: those in progress step back among them when a call fails. */
const ROWS_LOOKED_AT = 64;

/**
 * Since when the row waits that has waited longest, in milliseconds since 1970; undefined if none waits. Looks only at the
 * first rows of the batch that wait, as those are sent first.
 */
export async function findOldestWaiting(ledger: LedgerAccess, batchId: string): Promise<number | undefined> {
  const from = await findFirst(ledger, batchId);
  if (from === undefined) return undefined;
  const numbers: number[] = [];
  for await (const number of iterateNumbers(ledger, batchId, { outcomes: WAITING, from })) {
    numbers.push(number);
    if (numbers.length === ROWS_LOOKED_AT) break;
  }
  const { rows } = await readRecords(ledger, batchId, numbers);
  const times = rows.map(({ record }) => Math.max(record.at, record.notBefore ?? 0));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The first row that waits: found in the indexes by Redis itself, however many rows are done before it. */
async function findFirst({ redis, account }: LedgerAccess, batchId: string): Promise<number | undefined> {
  const { rowsWith } = batchKeys(account, batchId);
  const found = await Promise.all(WAITING.map((outcome) => redis.bitpos(rowsWith(outcome), 1)));
  const rows = found.filter((row) => row > 0);
  return rows.length === 0 ? undefined : Math.min(...rows);
}
