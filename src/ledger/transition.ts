import { z } from 'zod';
import { AppError, type ErrorClass } from '../errors.ts';
import { accountKeys, batchKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { LedgerAccess } from './access.ts';
import type { Outcome } from './outcome.ts';
import { ACTIVE_PRELUDE, ALLOWED_PRELUDE } from './outcome-prelude.ts';
import { type RowRecord, rowRecordSchema } from './row-record.ts';

/** Fields to set; null removes one. */
export interface RowPatch {
  code?: string | null;
  message?: string | null;
  hint?: string | null;
  class?: ErrorClass | null;
  parked?: boolean;
  redrive?: number;
  tries?: 0;
  token?: string;
  authorizeRequestId?: string;
  putRequestId?: string;
  requestId?: string;
  isvTerms?: string;
}

export interface Transition {
  batchId: string;
  row: number;
  custSpaceId: string;
  to: Outcome;
  patch?: RowPatch;
  add?: Partial<Record<'attempts' | 'ambiguous' | 'reauthorized' | 'rounds' | 'tries', number>>;
  /** The attempt that holds the row; a row that is being submitted moves only with it. */
  fence?: string;
  /** A redrive claims the customer for this row again, and is refused if another batch has it. */
  claim?: string;
}

const resultSchema = z.object({
  isMoved: z.literal([0, 1]).transform((flag) => flag === 1),
  record: z.string().transform((text) => rowRecordSchema.parse(JSON.parse(text))),
});

/** What a script needs that includes `mark.lua`. */
export const MARKING = {
  prelude: `${ACTIVE_PRELUDE}\n${ALLOWED_PRELUDE}`,
  includes: [new URL('./finish-if-done.lua', import.meta.url), new URL('./mark.lua', import.meta.url)],
};

export const transitionScript = defineScript(new URL('./transition.lua', import.meta.url), {
  ...MARKING,
  decode: resultSchema.parse,
});

/**
 * Moves a row to another outcome, with its counters, in one step.
 * @throws AppError TRANSITION_REFUSED if the row has an outcome from which this is impossible, or another
 *   attempt holds it. Nothing has changed then.
 */
export async function transition(ledger: LedgerAccess, move: Transition): Promise<RowRecord> {
  const keys = keysOfMove(ledger.account, move.batchId);
  const { isMoved, record } = await transitionScript.run(ledger.redis, keys, valuesOf(move, ledger.now()));
  if (isMoved) return record;
  throw refusalOf(move, record.outcome);
}

/** The keys that a move changes: batch, rows, customers, events, recoverable. */
export function keysOfMove(account: string, batchId: string): string[] {
  const { batch, rows, events } = batchKeys(account, batchId);
  const { customers, recoverable } = accountKeys(account);
  return [batch, rows, customers, events, recoverable];
}

export function refusalOf({ batchId, row, to }: Transition, outcome: Outcome): AppError {
  return new AppError(
    'TRANSITION_REFUSED',
    `Row ${row} of batch ${batchId} is ${outcome} and cannot become ${to}.`,
  );
}

/** A move as values of a script, in the order of `transition.lua`. */
export function valuesOf({ row, to, patch, add, fence, custSpaceId, claim }: Transition, now: number) {
  return [
    row,
    to,
    JSON.stringify(patch ?? {}),
    JSON.stringify(add ?? {}),
    fence ?? '',
    now,
    custSpaceId,
    claim ?? '',
  ];
}
