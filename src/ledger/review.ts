/**
 * The review of a submit. `submitted` means that the peer accepted it for review; no call tells how the review ends. So
 * every submit awaits its review until a person records a decision, and the software never does. Pure.
 */
import { z } from 'zod';
import { type Place, placeSchema, placeText } from './place.ts';
import type { RowRecord } from './row-record.ts';
import type { SubmittedFact } from './submitted-fact.ts';

/** What a person may record. */
export const DECISIONS = ['approved', 'rejected'] as const;
export const REVIEWS = ['awaited', ...DECISIONS] as const;
export type ReviewCounts = Record<(typeof REVIEWS)[number], number>;

/** What a person found out about one submit. */
const decisionSchema = z.object({
  /** The submit: the place of its row, and its number. */
  place: placeSchema,
  seq: z.number(),
  as: z.enum(DECISIONS),
  /** The day of the decision, as ISO 8601 writes it. */
  date: z.string(),
  /** Who said so, or where it is written. */
  evidence: z.string(),
  by: z.string(),
  /** When it was recorded, in milliseconds since 1970. */
  at: z.number(),
});
export type Decision = z.output<typeof decisionSchema>;

/** @param text JSON; null if nothing was recorded */
export function parseDecisions(text: string | null | undefined): Decision[] {
  return text ? z.array(decisionSchema).parse(JSON.parse(text)) : [];
}

/** A submit among all of an account. */
export interface SubmitId {
  place: Place;
  seq: number;
}

/** The last decision about a submit. */
export function decisionAbout(
  { place, seq }: SubmitId,
  decisions: readonly Decision[],
): Decision | undefined {
  const wanted = placeText(place);
  return decisions.findLast((each) => placeText(each.place) === wanted && each.seq === seq);
}

/** Where the review of a row stands; `replaced`: newer data of the customer was submitted before anybody recorded one. */
export interface Review {
  review: (typeof REVIEWS)[number] | 'replaced';
  decision?: Decision | undefined;
}

/** What is known of the customer of a row. */
export interface Submits {
  submitted: SubmittedFact | undefined;
  decisions: readonly Decision[];
}

type Reviewed = Pick<RowRecord, 'outcome' | 'fingerprint' | 'lead'>;

/** Whether a row has a review: its data was submitted, by itself or by another row. */
export const hasReview = ({ outcome }: Pick<RowRecord, 'outcome'>) =>
  outcome === 'submitted' || outcome === 'unchanged';

/** Whether the submit of a customer that counts is the one that a row stands for. */
export function isAbout(fact: SubmittedFact, row: Reviewed, place: Place): boolean {
  // The same data may have been submitted again since.
  if (row.outcome === 'unchanged') return fact.fingerprint === row.fingerprint;
  return placeText(fact.place) === placeText(place);
}

/** @returns undefined for a row that has no review */
export function reviewOf(row: Reviewed, place: Place, { submitted, decisions }: Submits): Review | undefined {
  if (!hasReview(row)) return undefined;
  if (submitted !== undefined && isAbout(submitted, row, place)) {
    const decision = decisionAbout(submitted, decisions);
    return { review: decision?.as ?? 'awaited', decision };
  }
  const own = placeText(row.outcome === 'unchanged' ? (row.lead ?? place) : place);
  const decision = decisions.findLast((each) => placeText(each.place) === own);
  return { review: decision?.as ?? 'replaced', decision };
}
