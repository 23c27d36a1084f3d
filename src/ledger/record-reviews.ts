import { z } from 'zod';
import { jsonForScript } from '../redis/json.ts';
import type { LedgerAccess } from './access.ts';
import { placeText } from './place.ts';
import type { Decision } from './review.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

/** Decisions of a customer that are kept; the oldest are forgotten. */
const DECISIONS_MAX = 20;
const NO_FILE: ReviewFile = { name: '', reading: '' };
/** Decisions recorded by one command. */
export const REVIEWS_AT_ONCE = 200;

export type NewDecision = Omit<Decision, 'at'> & { custSpaceId: string };

/** What repeats decisions that its writer saw, and that others may have changed since. */
export interface ReviewFile {
  /** As it is called in the history. */
  name: string;
  /** Names this reading of it. */
  reading: string;
}

/**
 * `recorded`; `changed`: another decision was recorded before; `same`: this one was; `outdated`: this one of a file
 * was, and was changed since; `replaced`: another submit counts by now; `none`: there is no submit. Only the first two changed anything.
 */
const VERDICTS = ['recorded', 'changed', 'same', 'outdated', 'replaced', 'none'] as const;
export type ReviewVerdict = (typeof VERDICTS)[number];

export const recordReviewsScript = defineLedgerScript('record-reviews', {
  needs: 'reviews',
  isOnce: true,
  decode: z.object({ verdicts: z.array(z.enum(VERDICTS)) }).parse,
});

/** Records decisions of people, each for itself, in the history of its batch too; may be repeated. At most `REVIEWS_AT_ONCE`. */
export async function recordReviews(
  ledger: LedgerAccess,
  decisions: readonly NewDecision[],
  { name, reading }: ReviewFile = NO_FILE,
): Promise<ReviewVerdict[]> {
  const values = decisions.map((decision) =>
    jsonForScript({ ...decision, place: placeText(decision.place) }),
  );
  return (await runLedgerScript(recordReviewsScript, ledger, [DECISIONS_MAX, name, reading, ...values]))
    .verdicts;
}
