/** Which rows of a batch may fit what is asked for, found without reading them: by indexes, names and reviews. */
import { INPUT_FIELDS } from '../customer/fields.ts';
import type { Batch } from '../ledger/batch-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Outcome } from '../ledger/outcome.ts';
import type { Review } from '../ledger/review.ts';

/** Stands for all codes beyond the first 200 of a batch. */
export const OTHER_CODE = 'OTHER';
/** Rows that are looked through at a time: a few milliseconds of this process and of Redis. */
const PORTION = 2_000;
const ID = INPUT_FIELDS.indexOf('CustSpaceId');
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

/** Numbers of rows, in order, in portions; whether they have the name and the review is still open. */
export async function* iterateCandidates(
  ledger: Ledger,
  { id, lastRow }: Batch,
  { limit, from = 1, outcomes, codes, review, search }: RowsOrder,
): AsyncGenerator<number[]> {
  const size = review === undefined && search === undefined ? limit + 1 : PORTION;
  if (codes !== undefined)
    return yield* ledger.iteratePortions(id, { codes: [...codes, OTHER_CODE], from, size });
  const reviewed = review === undefined ? undefined : (['submitted', 'unchanged'] as const);
  const indexed = outcomes ?? reviewed;
  if (indexed !== undefined) return yield* ledger.iteratePortions(id, { outcomes: indexed, from, size });
  // Every number: a row that moves from one index to another meanwhile would be missed by both.
  for (let first = from; first <= lastRow; first += size)
    yield Array.from({ length: Math.min(size, lastRow + 1 - first) }, (_, index) => first + index);
}

/** Those that are worth reading; a damaged row is, because nobody else would tell of it. */
export async function narrow(
  ledger: Ledger,
  batchId: string,
  numbers: readonly number[],
  { review, search }: RowsOrder,
): Promise<readonly number[]> {
  if (review === undefined && search === undefined) return numbers;
  const fields = await ledger.readFields(batchId, numbers);
  const rows = numbers.map((row, index) => ({ row, fields: fields[index] }));
  const named =
    search === undefined
      ? rows
      : rows.filter((row) => row.fields === undefined || isNamed(row.fields, search));
  if (review === undefined) return named.map(({ row }) => row);
  const customers = named.map((row) => String(row.fields?.[ID] ?? ''));
  const isReviewed = await ledger.mayBeReviewed(review, customers);
  return named.filter((_, index) => isReviewed[index] || customers[index] === '').map(({ row }) => row);
}

/** Whether a customer has an id, or a part of its name in any case. */
export function isNamed(fields: readonly unknown[], search: string): boolean {
  const name = String(fields[NAME] ?? '');
  return fields[ID] === search || name.toLowerCase().includes(search.toLowerCase());
}
