/** A person records how Alibaba Cloud has reviewed a customer's agreement, which no call tells. */
import { AppError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Place } from '../ledger/place.ts';
import { type Decision, decisionAbout, type SubmitId } from '../ledger/review.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import type { By } from './by.ts';
import { checkOrder, reviewOrderSchema } from './orders.ts';
import { requireRows } from './require-rows.ts';
import { findSubmit, type ReviewClaim } from './review-target.ts';
import { cleanEvidence, dayProblem, evidenceProblem, parseDay, type ReviewTexts } from './review-texts.ts';

/** Which customer: a row of a batch, the customer itself, or both, which must agree then. */
export interface ReviewOrder extends By, ReviewTexts {
  batchId?: string | undefined;
  /** Row number, as in the result files; with `batchId`. */
  row?: number | undefined;
  custSpaceId?: string | undefined;
}

/** A decision of the peer, as it was recorded. */
export interface Reviewed {
  custSpaceId: string;
  /** The submit that was reviewed. */
  place: Place;
  as: ReviewTexts['as'];
  date: string;
  evidence: string;
  /** Whether this is new; the same decision may be recorded again. */
  isNew: boolean;
  /** The decision that this one replaces. */
  before?: Decision;
}

type Reviewing = Pick<LedgerAccount, 'ledger' | 'now'>;

/**
 * @throws AppError REVIEW_INVALID; REVIEW_REFUSED if nothing was submitted, or something else by now; CUSTOMER_UNKNOWN;
 * BATCH_UNKNOWN; USAGE
 */
export async function recordReview({ ledger, now }: Reviewing, order: ReviewOrder): Promise<Reviewed> {
  checkOrder(reviewOrderSchema, order);
  const texts = checkTexts(order, now());
  const claim: ReviewClaim = { ...(await findCustomer(ledger, order)), date: texts.date };
  const { custSpaceId } = claim;
  const facts = await ledger.readCustomer(custSpaceId);
  if (facts.rows.length === 0 && facts.submitted === undefined)
    throw new AppError('CUSTOMER_UNKNOWN', `Nothing is known of a customer ${custSpaceId}.`);
  const submit = findSubmit(claim, facts, now());
  if (typeof submit === 'string') throw refused(`The review is not recorded: ${submit}.`);
  const before = decisionAbout(submit, facts.decisions);
  const isNew = await record(ledger, { ...submit, ...texts, by: order.by, custSpaceId });
  const reviewed = { custSpaceId, place: submit.place, ...texts, isNew };
  return isNew && before ? { ...reviewed, before } : reviewed;
}

const refused = (message: string) => new AppError('REVIEW_REFUSED', message, { class: 'usage' });

function checkTexts({ as, date: text, evidence: given }: ReviewTexts, now: number): ReviewTexts {
  const date = parseDay(text);
  const evidence = cleanEvidence(given);
  const problem =
    date === undefined
      ? `${text} is no day such as 2026-01-31`
      : (dayProblem(date, now) ?? evidenceProblem(evidence)?.replace(/^/, 'the evidence '));
  if (problem === undefined && date !== undefined) return { as, date, evidence };
  throw new AppError('REVIEW_INVALID', `The review is not recorded: ${problem}.`, { class: 'usage' });
}

/** @returns the customer, and the row that stands for it, if one was named */
async function findCustomer(
  ledger: Ledger,
  { batchId, row, custSpaceId }: ReviewOrder,
): Promise<Pick<ReviewClaim, 'custSpaceId' | 'row'>> {
  if (batchId === undefined) return { custSpaceId: custSpaceId ?? '' };
  const batch = await ledger.requireBatch(batchId);
  const number = row ?? (await findRow(ledger, batchId, custSpaceId ?? ''));
  requireRows(batch, [number]);
  const [found] = (await ledger.readRecords(batchId, [number])).rows;
  if (found === undefined) throw refused(`Row ${number} of batch ${batchId} cannot be read.`);
  return { custSpaceId: custSpaceId ?? found.record.custSpaceId, row: { ...found, batchId } };
}

/** The last row of a customer in a batch; a stream may have several. */
async function findRow(ledger: Ledger, batchId: string, custSpaceId: string): Promise<number> {
  const { rows } = await ledger.readCustomer(custSpaceId);
  const last = rows.findLast((place) => place.batchId === batchId);
  if (last === undefined)
    throw new AppError('CUSTOMER_UNKNOWN', `Batch ${batchId} has no row of a customer ${custSpaceId}.`);
  return last.row;
}

type Recording = SubmitId & ReviewTexts & By & { custSpaceId: string };

async function record(ledger: Ledger, decision: Recording): Promise<boolean> {
  const { custSpaceId } = decision;
  const [verdict] = await ledger.recordReviews([decision]);
  if (verdict === 'same') return false;
  if (verdict !== 'recorded' && verdict !== 'changed')
    throw refused(`The review is not recorded: newer data of customer ${custSpaceId} was just submitted.`);
  return true;
}
