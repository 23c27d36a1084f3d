/** A page of the submits that await their reviews, of some accounts one after the other, with the customers' names. */
import { INPUT_FIELDS } from '../customer/fields.ts';
import type { Awaited, AwaitedCounts } from '../ledger/awaited.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { type AwaitedReview, iterateAwaited } from './reviews-awaited.ts';

/** Where a page begins: after this one. */
export interface AwaitedPlace extends Awaited {
  account: string;
}

/** Which of the awaited reviews, as pages. */
export interface ReviewsPageOrder {
  olderThanDays: number;
  limit: number;
  after?: AwaitedPlace | undefined;
}

export interface ListedReview extends AwaitedReview {
  account: string;
  /** Absent if its batch was purged, or its row is damaged. */
  custName: string | undefined;
  isOverdue: boolean;
}

/** Awaited reviews, those that have waited longest first. */
export interface ReviewsPage {
  reviews: ListedReview[];
  next: AwaitedPlace | undefined;
  /** Of all of these accounts together. */
  counts: AwaitedCounts;
}

export async function readReviewsPage(
  accounts: readonly LedgerAccount[],
  { olderThanDays, limit, after }: ReviewsPageOrder,
): Promise<ReviewsPage> {
  const reviews: ListedReview[] = [];
  const first = after ? accounts.findIndex(({ account }) => account.name === after.account) : 0;
  for (const open of first < 0 ? [] : accounts.slice(first)) {
    const { name } = open.account;
    const place = name === after?.account ? after : undefined;
    // One more than the page holds proves that there is another page.
    const order = { olderThanDays, limit: limit + 1 - reviews.length, after: place };
    for await (const review of iterateAwaited(open, order)) {
      const custName = await readName(open, review);
      reviews.push({
        ...review,
        account: name,
        custName,
        isOverdue: review.days >= open.settings.reviewDays,
      });
    }
    if (reviews.length > limit) break;
  }
  const page = reviews.slice(0, limit);
  const last = page.at(-1);
  const isMore = reviews.length > limit && last !== undefined;
  const next = isMore ? { account: last.account, custSpaceId: last.custSpaceId, at: last.at } : undefined;
  return { reviews: page, next, counts: await countAll(accounts) };
}

async function readName({ ledger }: LedgerAccount, { place }: AwaitedReview): Promise<string | undefined> {
  const { rows } = await ledger.tryReadRows(place.batchId, [place.row]);
  return rows[0]?.input.fields[INPUT_FIELDS.indexOf('CustName')];
}

async function countAll(accounts: readonly LedgerAccount[]): Promise<AwaitedCounts> {
  const counts = await Promise.all(
    accounts.map(({ ledger, now, settings }) =>
      ledger.countAwaited({ now: now(), overdueDays: settings.reviewDays }),
    ),
  );
  return counts.reduce((sum, each) => ({
    awaited: sum.awaited + each.awaited,
    overdue: sum.overdue + each.overdue,
    overdueDays: each.overdueDays,
    byAge: addAges(sum.byAge, each.byAge),
  }));
}

function addAges(a: AwaitedCounts['byAge'], b: AwaitedCounts['byAge']): AwaitedCounts['byAge'] {
  const ages = Object.keys(a) as (keyof AwaitedCounts['byAge'])[];
  return Object.fromEntries(ages.map((age) => [age, a[age] + b[age]])) as AwaitedCounts['byAge'];
}
