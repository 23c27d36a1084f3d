/** Customers whose submits await their reviews: listed by the time of the submit, in the scripts that record submits. */
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** A customer that awaits its review. */
export interface Awaited {
  custSpaceId: string;
  /** When its submit was written down, in milliseconds since 1970. */
  at: number;
}

/** For how long reviews have been awaited; each age ends where the next one begins. */
export const REVIEW_AGES = ['under_1d', '1d_to_7d', '7d_to_30d', 'over_30d'] as const;
type ReviewAge = (typeof REVIEW_AGES)[number];
const AGES_END_AFTER_DAYS: Record<ReviewAge, number> = {
  under_1d: 1,
  '1d_to_7d': 7,
  '7d_to_30d': 30,
  over_30d: Number.POSITIVE_INFINITY,
};
const DAY_MS = 86_400_000;

export interface AwaitedCounts {
  awaited: number;
  /** How many have been awaited for longer than `overdueDays`. */
  overdue: number;
  overdueDays: number;
  byAge: Record<ReviewAge, number>;
}

/** @param look `now` in milliseconds since 1970 */
export async function countAwaited(
  { redis, account }: LedgerAccess,
  { now, overdueDays }: { now: number; overdueDays: number },
): Promise<AwaitedCounts> {
  const { awaited } = accountKeys(account);
  const countOlder = (days: number) =>
    Number.isFinite(days) ? redis.zcount(awaited, '-inf', `(${now - days * DAY_MS}`) : 0;
  const [all, overdue, ...older] = await Promise.all([
    redis.zcard(awaited),
    countOlder(overdueDays),
    ...REVIEW_AGES.map((age) => countOlder(AGES_END_AFTER_DAYS[age])),
  ]);
  const byAge = REVIEW_AGES.map((age, index) => [age, (older[index - 1] ?? all) - (older[index] ?? 0)]);
  return { awaited: all, overdue, overdueDays, byAge: Object.fromEntries(byAge) };
}

export interface AwaitedPage {
  /** Submitted before this time, in milliseconds since 1970. */
  before: number;
  limit: number;
  /** The last one of the page before. */
  after?: Awaited | undefined;
}

/** Those that have waited longest first. */
export async function listAwaited(
  { redis, account }: LedgerAccess,
  { before, limit, after }: AwaitedPage,
): Promise<Awaited[]> {
  const { awaited } = accountKeys(account);
  const found: Awaited[] = [];
  // Customers of the same millisecond are in the order of their ids.
  for (let offset = 0; found.length < limit; offset += limit) {
    const range = [after?.at ?? '-inf', `(${before}`] as const;
    const flat = await redis.zrangebyscore(awaited, ...range, 'WITHSCORES', 'LIMIT', offset, limit);
    const page = pairs(flat);
    found.push(...page.filter((one) => after === undefined || isAfter(one, after)));
    if (page.length < limit) break;
  }
  return found.slice(0, limit);
}

const isAfter = (one: Awaited, other: Awaited) =>
  one.at > other.at ||
  (one.at === other.at && Buffer.compare(Buffer.from(one.custSpaceId), Buffer.from(other.custSpaceId)) > 0);

/** Members and scores take turns. */
function pairs(flat: readonly string[]): Awaited[] {
  return flat.flatMap((custSpaceId, index) =>
    index % 2 === 0 ? [{ custSpaceId, at: Number(flat[index + 1]) }] : [],
  );
}
