/** Lists the submits whose reviews nobody has recorded yet, those that have waited longest first. */
import type { Awaited } from '../ledger/awaited.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { Place } from '../ledger/place.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';

const DAY_MS = 86_400_000;

/** Which of the awaited reviews. */
export interface ReviewsOrder {
  /** Only those that have waited longer than this many days; by default the setting `reviewDays`. */
  olderThanDays?: number | undefined;
  /** At most this many. */
  limit: number;
  /** The last one of the page before. */
  after?: Awaited | undefined;
}

/** A submit that awaits its review. */
export interface AwaitedReview extends Awaited {
  /** Whole days since it was submitted. */
  days: number;
  /** The row that was submitted; its batch may have been purged. */
  place: Place;
  /** Absent if a person settled it as submitted. */
  requestId: string | undefined;
}

/** Reads them in portions. */
export async function* iterateAwaited(
  { ledger, settings, now }: Pick<LedgerAccount, 'ledger' | 'settings' | 'now'>,
  { olderThanDays = settings.reviewDays, limit, after }: ReviewsOrder,
): AsyncGenerator<AwaitedReview> {
  const time = now();
  // A day of 0 means all, those of this very moment included.
  const before = olderThanDays === 0 ? Number.POSITIVE_INFINITY : time - olderThanDays * DAY_MS;
  let left = limit;
  let last = after;
  while (left > 0) {
    const size = Math.min(left, CHUNK_ROWS);
    const page = await ledger.listAwaited({ before, limit: size, after: last });
    const submits = await ledger.readSubmits(page.map(({ custSpaceId }) => custSpaceId));
    for (const [index, awaited] of page.entries()) {
      const submitted = submits[index]?.submitted;
      if (submitted === undefined) continue;
      const { place, requestId } = submitted;
      yield { ...awaited, days: Math.max(0, Math.floor((time - awaited.at) / DAY_MS)), place, requestId };
    }
    if (page.length < size) return;
    left -= page.length;
    last = page.at(-1);
  }
}
