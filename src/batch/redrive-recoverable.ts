/** One run of the recurring redrive: rows that failed for a temporary reason, at most five times each. */
import type { Ledger } from '../ledger/ledger.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import { addJobs } from '../queue/add.ts';
import { claimRows } from './claim-rows.ts';
import { type Redriving, timingOf } from './redrive.ts';

/** Rows that one run checks. */
const ROWS_MAX = 10_000;
/** How often a row is retried. */
const ROUNDS_MAX = 5;

/** @returns how many rows were enqueued again */
export async function redriveRecoverable({ ledger, queues, now }: Redriving): Promise<number> {
  let redriven = 0;
  for (const [batchId, rows] of await findRecoverable(ledger)) {
    const order = { kind: 'redrive', by: 'schedule', filter: 'failed for a temporary reason' } as const;
    const begun = await ledger.beginRedrive(batchId, order);
    const jobs = await claimRows(ledger, { batchId, rows, redrive: begun.number, add: { rounds: 1 } });
    await addJobs(queues, 'upload', jobs, timingOf(begun, now()));
    await ledger.endRedrive(batchId, begun);
    redriven += jobs.length;
  }
  return redriven;
}

/** The rows of each batch that may be retried; those that have used up their turns are dropped for good. */
async function findRecoverable(ledger: Ledger): Promise<Map<string, StoredRow[]>> {
  const rowsOf = new Map<string, StoredRow[]>();
  for (const { batchId, row } of await ledger.listRecoverable(ROWS_MAX)) {
    const stored = await ledger.readRow(batchId, row);
    if (stored === undefined || stored.record.rounds >= ROUNDS_MAX) {
      await ledger.dropRecoverable(batchId, row);
      continue;
    }
    const rows = rowsOf.get(batchId) ?? [];
    rows.push(stored);
    rowsOf.set(batchId, rows);
  }
  return rowsOf;
}
