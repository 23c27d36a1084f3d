import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { RecordOfRow } from './read-records.ts';
import { hasReview, parseDecisions, type Review, reviewOf, type Submits } from './review.ts';
import { submittedSchema } from './submitted-fact.ts';

/** The submit of each customer that counts, and what was recorded of reviews; in the order asked for. */
export async function readSubmits(
  { redis, account }: LedgerAccess,
  customers: readonly string[],
): Promise<Submits[]> {
  if (customers.length === 0) return [];
  const { submitted, reviews } = accountKeys(account);
  const [facts, decisions] = await Promise.all([
    redis.hmget(submitted, ...customers),
    redis.hmget(reviews, ...customers),
  ]);
  return customers.map((_, index) => {
    const fact = facts[index];
    return {
      submitted: fact ? submittedSchema.parse(JSON.parse(fact)) : undefined,
      decisions: parseDecisions(decisions[index]),
    };
  });
}

/** Where the reviews of rows of a batch stand, by row; a row that has none is not there. */
export async function readReviews(
  ledger: LedgerAccess,
  batchId: string,
  rows: readonly RecordOfRow[],
): Promise<Map<number, Review>> {
  const submitted = rows.filter(({ record }) => hasReview(record));
  const known = await readSubmits(
    ledger,
    submitted.map(({ record }) => record.custSpaceId),
  );
  const found = new Map<number, Review>();
  for (const [index, { row, record }] of submitted.entries()) {
    const submits = known[index];
    const review = submits && reviewOf(record, { batchId, row }, submits);
    if (review) found.set(row, review);
  }
  return found;
}
