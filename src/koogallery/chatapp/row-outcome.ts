/** What became of the row of a purchase, and what that means for the purchase. Pure. */
import { CUSTOMER_FIELDS } from '../../customer/fields.ts';
import { ACTIVE_OUTCOMES } from '../../ledger/outcome.ts';
import type { RowRecord } from '../../ledger/row-record.ts';
import type { DataProblem } from './customer-data.ts';

export type RowVerdict =
  | { verdict: 'registered' }
  /** Something still happens to it, by itself or by a person who decides. */
  | { verdict: 'pending'; reason: string }
  /** Another row of the same customer was in its way: a new one may not be. */
  | { verdict: 'again'; reason: string }
  /** Somebody has to say something else. */
  | { verdict: 'data'; problems: DataProblem[]; reason: string }
  | { verdict: 'over'; reason: string };

const IN_THE_WAY = ['CUSTOMER_BUSY', 'CUSTOMER_PARKED', 'CUSTOMER_UNPARKED', 'SUPERSEDED'];

/**
 * @param name of the row, for people
 * @param isRetried the recurring redrive takes it up again
 */
export function judgeRow(
  record: Pick<RowRecord, 'outcome' | 'code' | 'class' | 'message' | 'parked' | 'lead'>,
  { name, isRetried }: { name: string; isRetried: boolean },
): RowVerdict {
  const { outcome, parked, code = '' } = record;
  if (outcome === 'submitted' || outcome === 'unchanged') return { verdict: 'registered' };
  if (ACTIVE_OUTCOMES.includes(outcome)) return { verdict: 'pending', reason: `${name} is ${outcome}` };
  if (outcome === 'cancelled') return { verdict: 'over', reason: `${name} was cancelled` };
  const reason = `${name} failed: ${code}`;
  if (parked) return { verdict: 'pending', reason: `${name} is parked: whether it arrived is not known` };
  if (isRetried) return { verdict: 'pending', reason: `${reason}; it is retried by itself` };
  if (isInTheWay(record)) return { verdict: 'again', reason };
  if (record.class === 'customer') return { verdict: 'data', reason, problems: [problemOf(record)] };
  return { verdict: 'over', reason };
}

/** The row that a person has settled is not sent again without that person; one that only had the same data is. */
function isInTheWay({ code = '', lead }: Pick<RowRecord, 'code' | 'lead'>): boolean {
  return IN_THE_WAY.includes(code) || (code === 'SETTLED_AS_FAILED' && lead !== undefined);
}

/** A peer that refuses a value mostly names it. */
function problemOf({ code = '', message = '' }: Pick<RowRecord, 'code' | 'message'>): DataProblem {
  if (code.startsWith('AGREEMENT_')) return { field: 'IsvTerms', code };
  const named = [...CUSTOMER_FIELDS, 'IsvTerms' as const].filter((field) =>
    `${code} ${message}`.includes(field),
  );
  return named.length === 1 ? { field: named[0], code } : { code };
}
