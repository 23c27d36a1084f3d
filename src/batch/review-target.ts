/** Which submit a review is about. It must be the one that counts: what was decided about another one says nothing of it. Pure. */
import type { Place } from '../ledger/place.ts';
import type { RecordOfRow } from '../ledger/read-records.ts';
import { hasReview, isAbout, type SubmitId, type Submits } from '../ledger/review.ts';
import { dayProblem } from './review-texts.ts';

export interface ReviewClaim {
  custSpaceId: string;
  /** The row that was reviewed, if the person names one. */
  row?: RecordOfRow & { batchId: string };
  /** The RequestId of the submit, if the person names it. */
  requestId?: string;
  /** The day of the decision. */
  date: string;
}

/** @returns the submit, or why it cannot be recorded */
export function findSubmit(
  { custSpaceId, row, requestId, date }: ReviewClaim,
  { submitted }: Pick<Submits, 'submitted'>,
  now: number,
): SubmitId | string {
  if (row && row.record.custSpaceId !== custSpaceId)
    return `${describe({ ...row })} is of customer ${row.record.custSpaceId}, not of ${custSpaceId}`;
  if (row && !hasReview(row.record))
    return `${describe({ ...row })} is ${row.record.outcome}; only what was submitted is reviewed`;
  if (submitted === undefined) return `nothing of customer ${custSpaceId} was submitted yet`;
  const counts = describe(submitted.place);
  if (row && !isAbout(submitted, row.record, row))
    return `newer data of customer ${custSpaceId} was submitted since: ${counts}`;
  // A result file shows that of the upload where a person settled the submit, which has none.
  const counting = submitted.requestId ?? submitted.authorizeRequestId;
  if (requestId !== undefined && counting !== undefined && requestId !== counting)
    return `the submit that counts has another RequestId than ${requestId}: ${counts}`;
  // One that a person settled was submitted before it was written down.
  const problem = dayProblem(date, now, submitted.requestId === undefined ? undefined : submitted.at);
  return problem ?? { place: submitted.place, seq: submitted.seq };
}

const describe = ({ batchId, row }: Place) => `row ${row} of batch ${batchId}`;
