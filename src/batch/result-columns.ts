/** What result files say of a row, besides what the source said. Pure. */
import { ERROR_CODES, isErrorCode } from '../error-codes.ts';
import type { Review } from '../ledger/review.ts';
import type { RowRecord, StoredRow } from '../ledger/row-record.ts';

export const RESULT_PREFIX = 'onboard_';

/** A row with what is known of its review; undefined if nothing of it was submitted. */
export type ResultRow = Pick<StoredRow, 'row' | 'record'> & { review: Review | undefined };

/** The columns we add, and what they hold. */
export const RESULT_COLUMNS: Record<string, (row: ResultRow) => string> = {
  onboard_row: ({ row }) => String(row),
  onboard_outcome: ({ record }) => record.outcome,
  onboard_code: ({ record }) => record.code ?? '',
  onboard_message: ({ record }) => describeRow(record),
  onboard_hint: ({ record }) => hintOf(record),
  onboard_request_id: ({ record }) => record.requestId ?? record.authorizeRequestId ?? '',
  onboard_attempts: ({ record }) => String(record.attempts),
  onboard_ambiguous: ({ record }) => String(record.ambiguous),
  onboard_review: ({ review }) => review?.review ?? '',
  onboard_review_date: ({ review }) => review?.decision?.date ?? '',
  onboard_review_evidence: ({ review }) => review?.decision?.evidence ?? '',
  onboard_review_by: ({ review }) => review?.decision?.by ?? '',
  onboard_at: ({ record }) => new Date(record.at).toISOString(),
  onboard_batch: ({ record }) => record.lead?.batchId ?? '',
};

/** What the peer or a person said of a row, or what another row has to do with it. */
export function describeRow(record: RowRecord): string {
  return record.message ?? messageOf(record);
}

/** What to do about a row; empty if nobody knows. */
export function hintOf({ hint, code }: Pick<RowRecord, 'hint' | 'code'>): string {
  return hint ?? (code !== undefined && isErrorCode(code) ? ERROR_CODES[code].hint : '');
}

/** What another row has to do with this one. */
function messageOf({ outcome, lead, submittedAt, code }: RowRecord): string {
  if (lead === undefined) return '';
  const row = `row ${lead.row} of batch ${lead.batchId}`;
  if (outcome === 'unchanged') {
    const when = submittedAt === undefined ? '' : ` at ${new Date(submittedAt).toISOString()}`;
    return `The same data was submitted${when}: ${row}.`;
  }
  if (outcome === 'waiting') return `Waits for ${row}, which sends the same data.`;
  if (code === 'SUPERSEDED') return `Newer data was submitted since: ${row}.`;
  if (code === 'CUSTOMER_BUSY') return `The customer is being sent with other data: ${row}.`;
  if (code === 'CUSTOMER_PARKED') return `Whether the same data arrived is unknown: ${row}.`;
  if (code === 'CUSTOMER_UNPARKED') return `The same data was parked, and no longer is: ${row}.`;
  return `Has the same data as ${row}, which failed.`;
}
