/** Small things that are shown everywhere: times, states, outcomes. */
import type { BatchState, Outcome, Review } from '../api/types.ts';
import { moment } from '../format.ts';
import { t } from '../language.ts';

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {moment(at)}
    </time>
  );
}

export function StateTag({ state }: { state: BatchState }) {
  return <span class={`tag state-${state}`}>{t().words.state[state]}</span>;
}

export function OutcomeTag({ outcome, isParked = false }: { outcome: Outcome; isParked?: boolean }) {
  return (
    <span class={`tag outcome-${isParked ? 'parked' : outcome}`}>
      {isParked ? t().words.parked : t().words.outcome[outcome]}
    </span>
  );
}

export function ReviewTag({ review }: { review: Review | undefined }) {
  if (review === undefined) return null;
  return <span class={`tag review-${review.as}`}>{t().words.review[review.as]}</span>;
}
