/** One run of the recurring redrive: rows that failed for a temporary reason, at most five times each. */
import type { Ledger } from '../ledger/ledger.ts';
import type { Place } from '../ledger/place.ts';
import { type Redriving, redriveChunk } from './redrive.ts';

/** Rows that one run checks. */
const ROWS_MAX = 10_000;
/** How often a row is retried. */
const ROUNDS_MAX = 5;
const BY = 'schedule';

/** @returns how many rows were enqueued again */
export async function redriveRecoverable(redriving: Redriving): Promise<number> {
  const { ledger } = redriving;
  let redriven = 0;
  for (const [batchId, rows] of await findRecoverable(ledger)) {
    const order = { by: BY, filter: 'failed for a temporary reason', isScheduled: true };
    const { verdict, number } = await ledger.beginRedrive(batchId, order);
    // Cancelled, or gone: nothing of it is retried any more.
    if (verdict !== 'done') await drop(ledger, batchId, rows);
    else redriven += (await redriveChunk(redriving, batchId, { rows, number, turns: 1 })).rows;
  }
  return redriven;
}

/** The rows of each batch that may be retried; those that have used up their turns are dropped for good. */
async function findRecoverable(ledger: Ledger): Promise<Map<string, number[]>> {
  const rowsOf = new Map<string, number[]>();
  for (const place of await ledger.listRecoverable(ROWS_MAX)) {
    if (await isExhausted(ledger, place)) {
      await ledger.dropRecoverable(place);
      continue;
    }
    rowsOf.set(place.batchId, [...(rowsOf.get(place.batchId) ?? []), place.row]);
  }
  return rowsOf;
}

async function isExhausted(ledger: Ledger, { batchId, row }: Place): Promise<boolean> {
  const { rows } = await ledger.readRecords(batchId, [row]);
  return (rows[0]?.record.rounds ?? ROUNDS_MAX) >= ROUNDS_MAX;
}

async function drop(ledger: Ledger, batchId: string, rows: readonly number[]): Promise<void> {
  await Promise.all(rows.map((row) => ledger.dropRecoverable({ batchId, row })));
}
