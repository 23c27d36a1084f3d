/** One row with everything that is kept about it. */
import { AppError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LogEntry } from '../ledger/log.ts';
import type { RowEvent } from '../ledger/row-events.ts';
import type { ReviewedRow } from './rows-page.ts';

export interface RowStory {
  row: ReviewedRow;
  /** What people did to it, oldest first. */
  log: LogEntry[];
  /** What happened to it of late, oldest first. */
  events: RowEvent[];
}

/** @throws AppError BATCH_UNKNOWN, ROW_UNKNOWN */
export async function readRowStory(ledger: Ledger, batchId: string, number: number): Promise<RowStory> {
  const [row, log, events] = await Promise.all([
    readReviewedRow(ledger, batchId, number),
    ledger.readLog(batchId),
    ledger.readAllEvents(batchId),
  ]);
  return {
    row,
    log: log.filter((entry) => isAbout(entry, number)),
    events: events.filter((event) => event.row === number),
  };
}

/** @throws AppError BATCH_UNKNOWN, ROW_UNKNOWN */
export async function readReviewedRow(ledger: Ledger, batchId: string, number: number): Promise<ReviewedRow> {
  await ledger.requireBatch(batchId);
  const row = await ledger.readRow(batchId, number);
  if (row === undefined) throw new AppError('ROW_UNKNOWN', `Batch ${batchId} has no row ${number}.`);
  const reviews = await ledger.readReviews(batchId, [row]);
  return { ...row, review: reviews.get(number) };
}

/** Whether an entry of the log of a batch is about one of its rows. */
export function isAbout({ details }: LogEntry, row: number): boolean {
  return new RegExp(`^row ${row}\\b`).test(details);
}
