import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { RecordOfRow } from './read-records.ts';
import { hasReview, parseDecisions, type Review, reviewOf, type Submits } from './review.ts';
import { submittedSchema } from './submitted-fact.ts';
import { refuseUnreadable } from './unreadable.ts';

/** The submit of each customer that counts, and what was recorded of reviews; in the order asked for. */
export async function readSubmits(ledger: LedgerAccess, customers: readonly string[]): Promise<Submits[]> {
  return (await readStored(ledger, customers)).map(parseSubmits);
}

/** Where the reviews of rows of a batch stand, by row; a row that has none is not there. @throws AppError ROW_UNREADABLE */
export async function readReviews(
  ledger: LedgerAccess,
  batchId: string,
  rows: readonly RecordOfRow[],
): Promise<Map<number, Review>> {
  const { reviews, unreadable } = await tryReadReviews(ledger, batchId, rows);
  refuseUnreadable(batchId, unreadable);
  return reviews;
}

/** The same, but for the rows whose submits Redis has damaged: those hide no other. */
export async function tryReadReviews(
  ledger: LedgerAccess,
  batchId: string,
  rows: readonly RecordOfRow[],
): Promise<{ reviews: Map<number, Review>; unreadable: number[] }> {
  const submitted = rows.filter(({ record }) => hasReview(record));
  const stored = await readStored(
    ledger,
    submitted.map(({ record }) => record.custSpaceId),
  );
  const reviews = new Map<number, Review>();
  const unreadable: number[] = [];
  for (const [index, { row, record }] of submitted.entries())
    try {
      const review = reviewOf(record, { batchId, row }, parseSubmits(stored[index]));
      if (review) reviews.set(row, review);
    } catch {
      unreadable.push(row);
    }
  return { reviews, unreadable };
}

/** What Redis holds of a customer, as JSON. */
interface StoredSubmits {
  fact: string | null | undefined;
  decisions: string | null | undefined;
}

async function readStored(
  { redis, account }: LedgerAccess,
  customers: readonly string[],
): Promise<StoredSubmits[]> {
  if (customers.length === 0) return [];
  const { submitted, reviews } = accountKeys(account);
  const [facts, decisions] = await Promise.all([
    redis.hmget(submitted, ...customers),
    redis.hmget(reviews, ...customers),
  ]);
  return customers.map((_, index) => ({ fact: facts[index], decisions: decisions[index] }));
}

function parseSubmits({ fact, decisions }: Partial<StoredSubmits> = {}): Submits {
  return {
    submitted: fact ? submittedSchema.parse(JSON.parse(fact)) : undefined,
    decisions: parseDecisions(decisions),
  };
}
