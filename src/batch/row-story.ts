/** One row with everything that is kept about it. */
import { AppError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LogEntry } from '../ledger/log.ts';
import type { Observation } from '../ledger/observations.ts';
import type { RowEvent } from '../ledger/row-events.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { readCurrentObservation } from './current-observation.ts';
import type { ReviewedRow } from './rows-page.ts';

/** One row with its history. */
export interface RowStory {
  row: ReviewedRow;
  /** What people did to it, oldest first. */
  log: LogEntry[];
  /** What happened to it of late, oldest first. */
  events: RowEvent[];
  /** What the peer listed of its customer, if anybody looked: never a review, and it may be about another submit. */
  observation: Observation | undefined;
}

/** @throws AppError BATCH_UNKNOWN, ROW_UNKNOWN */
export async function readRowStory(
  open: Pick<LedgerAccount, 'ledger' | 'redis' | 'account'>,
  batchId: string,
  number: number,
): Promise<RowStory> {
  const { ledger } = open;
  const [row, log, events] = await Promise.all([
    readReviewedRow(ledger, batchId, number),
    ledger.readLog(batchId),
    ledger.readAllEvents(batchId),
  ]);
  return {
    row,
    observation: await readCurrentObservation(open, row.record.custSpaceId),
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
