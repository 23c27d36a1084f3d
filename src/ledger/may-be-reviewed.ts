import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import type { Review } from './review.ts';

/** Which customers may have rows with such a review, found without reading their submits; in the order asked for. */
export async function mayBeReviewed(
  { redis, account }: LedgerAccess,
  review: Review['review'],
  customers: readonly string[],
): Promise<boolean[]> {
  const { awaited, reviews } = accountKeys(account);
  if (customers.length === 0 || review === 'replaced') return customers.map(() => true);
  const known =
    review === 'awaited'
      ? await redis.zmscore(awaited, ...customers)
      : await redis.hmget(reviews, ...customers);
  return known.map((each) => each !== null);
}
