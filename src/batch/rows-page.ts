/** A page of the rows of a batch, in their order, with filters that the ledger has indexes for, and a search. */
import { INPUT_FIELDS } from '../customer/fields.ts';
import type { Batch } from '../ledger/batch-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Outcome } from '../ledger/outcome.ts';
import type { Review } from '../ledger/review.ts';
import type { StoredRow } from '../ledger/row-record.ts';

/** Rows that are looked at for one page; the next page goes on where they end. */
const LOOKED_AT_MAX = 5_000;
const CHUNK = 500;
/** Stands for all codes beyond the first 200 of a batch. */
const OTHER_CODE = 'OTHER';
const NAME = INPUT_FIELDS.indexOf('CustName');

export interface RowsOrder {
  limit: number;
  /** The first row to look at. */
  from?: number | undefined;
  outcomes?: readonly Outcome[] | undefined;
  codes?: readonly string[] | undefined;
  review?: Review['review'] | undefined;
  /** An id of a customer, or a part of a name in any case. */
  search?: string | undefined;
}

/** `review` is undefined if nothing of it was submitted. */
export type ReviewedRow = StoredRow & { review: Review | undefined };

export interface RowsPage {
  rows: ReviewedRow[];
  /** The row at which the next page begins; undefined after the last one. */
  next: number | undefined;
}

/** @throws AppError BATCH_UNKNOWN */
export async function readRowsPage(ledger: Ledger, batchId: string, order: RowsOrder): Promise<RowsPage> {
  const batch = await ledger.requireBatch(batchId);
  const { limit, search, from } = order;
  const known = search === undefined || from !== undefined ? [] : await findRows(ledger, batchId, search);
  // Whoever gives an id wants that customer, and not everybody who has it in the name.
  if (known.length > 0) {
    const rows = await readFitting(ledger, batchId, known, { ...order, search: undefined });
    return { rows: rows.slice(0, limit), next: undefined };
  }
  const found: ReviewedRow[] = [];
  let lookedAt = 0;
  for await (const numbers of candidates(ledger, batch, order)) {
    found.push(...(await readFitting(ledger, batchId, numbers, order)));
    const extra = found[limit];
    if (extra) return { rows: found.slice(0, limit), next: extra.row };
    lookedAt += numbers.length;
    const last = numbers.at(-1) ?? 0;
    if (lookedAt >= LOOKED_AT_MAX) return { rows: found, next: last < batch.lastRow ? last + 1 : undefined };
  }
  return { rows: found, next: undefined };
}

/** The rows of a customer in this batch. */
async function findRows(ledger: Ledger, batchId: string, custSpaceId: string): Promise<number[]> {
  const { rows } = await ledger.readCustomer(custSpaceId);
  return rows.filter((place) => place.batchId === batchId).map(({ row }) => row);
}

/** Numbers of rows that may fit, in order, in portions. */
async function* candidates(
  ledger: Ledger,
  { id, lastRow }: Batch,
  { limit, from = 1, outcomes, codes, review, search }: RowsOrder,
): AsyncGenerator<number[]> {
  const size = review === undefined && search === undefined ? limit + 1 : CHUNK;
  if (codes !== undefined)
    return yield* ledger.iteratePortions(id, { codes: [...codes, OTHER_CODE], from, size });
  const reviewed = review === undefined ? undefined : (['submitted', 'unchanged'] as const);
  const indexed = outcomes ?? reviewed;
  if (indexed !== undefined) return yield* ledger.iteratePortions(id, { outcomes: indexed, from, size });
  // Every number: a row that moves from one index to another meanwhile would be missed by both.
  for (let first = from; first <= lastRow; first += size)
    yield Array.from({ length: Math.min(size, lastRow + 1 - first) }, (_, index) => first + index);
}

async function readFitting(
  ledger: Ledger,
  batchId: string,
  numbers: readonly number[],
  order: RowsOrder,
): Promise<ReviewedRow[]> {
  if (numbers.length === 0) return [];
  const rows = (await ledger.readRows(batchId, numbers)).filter((row) => fits(row, order));
  const reviews = await ledger.readReviews(batchId, rows);
  const reviewed = rows.map((row) => ({ ...row, review: reviews.get(row.row) }));
  return reviewed.filter(({ review }) => order.review === undefined || review?.review === order.review);
}

/** Whether a row that was found in an index is still what was asked for. */
function fits({ record, input }: StoredRow, { outcomes, codes, search }: RowsOrder): boolean {
  if (outcomes !== undefined && !outcomes.includes(record.outcome)) return false;
  if (codes !== undefined && !hasCode(record, codes)) return false;
  if (search === undefined) return true;
  const name = input.fields[NAME] ?? '';
  return record.custSpaceId === search || name.toLowerCase().includes(search.toLowerCase());
}

function hasCode({ outcome, code = '' }: StoredRow['record'], codes: readonly string[]): boolean {
  return outcome === 'failed' && (codes.includes(code) || codes.includes(OTHER_CODE));
}
