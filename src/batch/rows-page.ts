/**
 * A page of the rows of a batch, in their order, with filters and a search. However large the batch is, one answer costs
 * a bounded effort; what is left to look through is for the next page.
 */
import type { Ledger } from '../ledger/ledger.ts';
import type { Review } from '../ledger/review.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import { isNamed, iterateCandidates, narrow, OTHER_CODE, type RowsOrder } from './row-candidates.ts';

/** The effort for one page, in rows that are looked through; one that is read in full costs as much as so many. */
const EFFORT_MAX = 100_000;
/** Once a search has found something, that is shown soon, although the page has room for more. */
const EFFORT_OF_FINDING = 10_000;
const EFFORT_OF_READING = 20;
/** Rows that are read at a time. */
const CHUNK = 500;

/** `review` is undefined if nothing of it was submitted. */
export type ReviewedRow = StoredRow & { review: Review | undefined };

/** Rows of a batch, by number. */
export interface RowsPage {
  rows: ReviewedRow[];
  /** Numbers of the rows among them that Redis has damaged, whether or not they fit: nobody can tell. */
  unreadable: number[];
  /** The row at which the next page begins; undefined after the last one. */
  next: number | undefined;
}

/** A row of a page; without `found` it is damaged. */
interface Entry {
  row: number;
  found?: ReviewedRow;
}

/** @throws AppError BATCH_UNKNOWN */
export async function readRowsPage(ledger: Ledger, batchId: string, order: RowsOrder): Promise<RowsPage> {
  const batch = await ledger.requireBatch(batchId);
  const { limit, search, from } = order;
  const known = search === undefined || from !== undefined ? [] : await findRows(ledger, batchId, search);
  // Whoever gives an id wants that customer, and not everybody who has it in the name.
  if (known.length > 0) {
    const rows = await readFitting(ledger, batchId, known, { ...order, search: undefined });
    return pageOf(rows.slice(0, limit), undefined);
  }
  const entries: Entry[] = [];
  let effort = 0;
  for await (const portion of iterateCandidates(ledger, batch, order)) {
    const numbers = await narrow(ledger, batchId, portion, order);
    for (let first = 0; first < numbers.length; first += CHUNK) {
      entries.push(...(await readFitting(ledger, batchId, numbers.slice(first, first + CHUNK), order)));
      const extra = entries[limit];
      if (extra) return pageOf(entries.slice(0, limit), extra.row);
    }
    effort += portion.length + numbers.length * EFFORT_OF_READING;
    const last = portion.at(-1) ?? 0;
    const isFound = search !== undefined && entries.length > 0;
    if (effort >= (isFound ? EFFORT_OF_FINDING : EFFORT_MAX))
      return pageOf(entries, last < batch.lastRow ? last + 1 : undefined);
  }
  return pageOf(entries, undefined);
}

function pageOf(entries: readonly Entry[], next: number | undefined): RowsPage {
  return {
    rows: entries.flatMap(({ found }) => found ?? []),
    unreadable: entries.flatMap(({ row, found }) => (found === undefined ? row : [])),
    next,
  };
}

/** The rows of a customer in this batch. */
async function findRows(ledger: Ledger, batchId: string, custSpaceId: string): Promise<number[]> {
  const { rows } = await ledger.readCustomer(custSpaceId);
  return rows.filter((place) => place.batchId === batchId).map(({ row }) => row);
}

/** Those that fit, and those that are damaged, in order. */
async function readFitting(
  ledger: Ledger,
  batchId: string,
  numbers: readonly number[],
  order: RowsOrder,
): Promise<Entry[]> {
  if (numbers.length === 0) return [];
  const stored = await ledger.tryReadRows(batchId, numbers);
  const rows = stored.rows.filter((row) => fits(row, order));
  const { reviews, unreadable } = await ledger.tryReadReviews(batchId, rows);
  const isReadable = ({ row }: StoredRow) => !unreadable.includes(row);
  const reviewed = rows.filter(isReadable).map((row) => ({ ...row, review: reviews.get(row.row) }));
  const found = reviewed.filter(
    ({ review }) => order.review === undefined || review?.review === order.review,
  );
  const entries: Entry[] = found.map((each) => ({ row: each.row, found: each }));
  for (const row of [...stored.unreadable, ...unreadable]) entries.push({ row });
  return entries.sort((a, b) => a.row - b.row);
}

/** Whether a row that was found in an index is still what was asked for. */
function fits({ record, input }: StoredRow, { outcomes, codes, search }: RowsOrder): boolean {
  if (outcomes !== undefined && !outcomes.includes(record.outcome)) return false;
  if (codes !== undefined && !hasCode(record, codes)) return false;
  return search === undefined || isNamed(input.fields, search);
}

function hasCode({ outcome, code = '' }: StoredRow['record'], codes: readonly string[]): boolean {
  return outcome === 'failed' && (codes.includes(code) || codes.includes(OTHER_CODE));
}
