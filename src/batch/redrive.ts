/**
 * Enqueues failed or cancelled rows of a batch again. A row moves to `pending` before it has a job; if the process dies
 * between the two, the upkeep gives it one.
 */
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { Place } from '../ledger/place.ts';
import type { RecordOfRow } from '../ledger/read-records.ts';
import type { RowsToRedrive } from '../ledger/redrive-rows.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { addJobs } from '../queue/add.ts';
import type { By } from './by.ts';
import { createFilter, describeFilter, type RedriveFilter } from './filter.ts';
import { jobOf, timingOf } from './jobs-due.ts';
import { checkOrder, redriveOrderSchema } from './orders.ts';
import { requireDone } from './require-done.ts';
import { requireRows } from './require-rows.ts';

export type Redriving = Pick<OpenAccount, 'ledger' | 'queues' | 'now'>;

export interface RedriveOrder extends By {
  filter: RedriveFilter;
  /** Earliest time at which the rows may be sent, in milliseconds since 1970; by default at once. */
  notBefore?: number;
  /** Send rows even if newer data of their customers was sent since; only with rows named one by one. */
  takesSuperseded?: boolean;
  /** The same for a request and its repetition: what that took already is not taken again. */
  requestKey?: string | undefined;
}

/** A row that stays as it is. */
export interface RowLeft {
  row: number;
  /** Code of what is in the way. */
  why: string;
  /** The row that is in the way. */
  place: Place | undefined;
}

/** What a redrive did to the rows that it met. */
export interface Redriven {
  /** Rows that are enqueued again. */
  rows: number;
  /** Rows that wait for another row, which has their customer with the same data. */
  waiting: number;
  /** Rows of which the same data was submitted by another row meanwhile. */
  unchanged: number;
  /** Rows that are sent again although an earlier submit may have arrived. */
  doubtful: number;
  /** Rows left as they are: how many, and the first of them. */
  left: number;
  examples: RowLeft[];
}

const EXAMPLES_MAX = 20;

/** @throws AppError USAGE if the filter is empty or names a row that there is not; BATCH_STATE if the batch is being cancelled */
export async function redrive(
  redriving: Redriving,
  batchId: string,
  { by, filter: wanted, notBefore, takesSuperseded = false, requestKey }: RedriveOrder,
): Promise<Redriven> {
  checkOrder(redriveOrderSchema, { by, notBefore, takesSuperseded, rows: wanted.rows });
  const { picks, selection } = createFilter(wanted);
  const filter = describeFilter(wanted);
  const { ledger } = redriving;
  let number = requestKey === undefined ? undefined : await ledger.findRedrive(batchId, requestKey);
  const result = await takenBefore(redriving, batchId, number);
  // Only rows that are named one by one are sent again although their earlier submit may have arrived.
  const takesParked = (wanted.rows ?? []).length > 0;
  requireRows(await ledger.requireBatch(batchId), wanted.rows);
  for await (const portion of ledger.iteratePortions(batchId, { ...selection, size: CHUNK_ROWS })) {
    const { rows: records } = await ledger.readRecords(batchId, portion);
    const picked = records.filter(picks);
    const isLeft = ({ record }: RecordOfRow) => record.parked === true && !takesParked;
    add(result, leftParked(batchId, picked.filter(isLeft)));
    const rows = picked.filter((row) => !isLeft(row)).map(({ row }) => row);
    if (rows.length === 0) continue;
    number ??= await begin(redriving, batchId, { by, filter, notBefore, requestKey });
    const order = { rows, number, notBefore, takesParked, takesSuperseded };
    add(result, await redriveChunk(redriving, batchId, order));
  }
  return result;
}

/** What an earlier run of the same request took, as it is now. */
async function takenBefore(
  { ledger }: Redriving,
  batchId: string,
  number: number | undefined,
): Promise<Redriven> {
  const none = { rows: 0, waiting: 0, unchanged: 0, doubtful: 0, left: 0, examples: [] };
  const redrives = number === undefined ? [] : await ledger.listRedrives(batchId);
  const known = redrives.find((redrive) => redrive.number === number);
  if (known === undefined) return none;
  const { waiting, unchanged, ...others } = known.counts;
  const rows = Object.values(others).reduce((sum, count) => sum + count, 0);
  return { ...none, rows, waiting, unchanged };
}

/** Whether a parked row arrived is unknown: it is left to its person. */
function leftParked(batchId: string, parked: readonly RecordOfRow[]): Redriven {
  const why = 'SUBMIT_OUTCOME_UNKNOWN';
  const examples = parked.map(({ row }) => ({ row, why, place: { batchId, row } }));
  return { rows: 0, waiting: 0, unchanged: 0, doubtful: 0, left: parked.length, examples };
}

async function begin(
  { ledger }: Redriving,
  batchId: string,
  redriveOf: { by: string; filter: string; notBefore?: number; requestKey?: string | undefined },
): Promise<number> {
  const begun = await ledger.beginRedrive(batchId, { ...redriveOf, isScheduled: false });
  requireDone(batchId, begun);
  return begun.number;
}

/** Takes up some rows and adds their jobs. */
export async function redriveChunk(
  { ledger, queues, now }: Redriving,
  batchId: string,
  order: RowsToRedrive,
): Promise<Redriven> {
  const { verdict, pending, waiting, unchanged, doubtful, left } = await ledger.redriveRows(batchId, order);
  if (verdict === 'gone') requireDone(batchId, { verdict: 'cancelled' });
  const { rows } = await ledger.readRecords(batchId, pending);
  const jobs = rows.map((row) => jobOf(batchId, row));
  await addJobs(queues, 'upload', jobs, timingOf(order, now()));
  const counts = { rows: pending.length, waiting: waiting.length, unchanged: unchanged.length };
  return { ...counts, doubtful, left: left.length, examples: left };
}

function add(sum: Redriven, chunk: Redriven): void {
  sum.rows += chunk.rows;
  sum.waiting += chunk.waiting;
  sum.unchanged += chunk.unchanged;
  sum.doubtful += chunk.doubtful;
  sum.left += chunk.left;
  sum.examples.push(...chunk.examples.slice(0, EXAMPLES_MAX - sum.examples.length));
}
