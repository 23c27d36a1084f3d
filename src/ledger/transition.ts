import { z } from 'zod';
import type { ErrorClass } from '../error-classes.ts';
import { AppError } from '../errors.ts';
import { jsonForScript } from '../redis/json.ts';
import type { LedgerAccess } from './access.ts';
import type { Outcome } from './outcome.ts';
import { type Place, placeSchema } from './place.ts';
import { parseRecord, type RowRecord } from './row-record.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

/** Fields to set; null removes one. */
export interface RowPatch {
  code?: string | null;
  message?: string | null;
  hint?: string | null;
  class?: ErrorClass | null;
  tries?: 0;
  token?: string;
  process?: string;
  /** Null if it is known by now whether the last submit arrived. */
  unknown?: null;
  authorizeRequestId?: string;
  putRequestId?: string;
  requestId?: string;
  isvTerms?: string;
}

/** A change of a row by a worker. */
export interface Transition extends Place {
  to: Outcome;
  patch?: RowPatch;
  add?: Partial<Record<'attempts' | 'ambiguous' | 'reauthorized' | 'tries', number>>;
  /** The attempt that holds the row; a row that is being submitted moves only with it. */
  fence?: string;
  /** With so many lost answers, the row ends instead, and a person decides. */
  parkAt?: number;
}

export interface Moved {
  record: RowRecord;
  /** Waiting rows that may be sent now: they need jobs. */
  promoted: Place[];
}

const resultSchema = z.object({
  isMoved: z.literal([0, 1]).transform((flag) => flag === 1),
  record: z.string().transform(parseRecord),
  promoted: z.array(placeSchema),
});

export const transitionScript = defineLedgerScript('transition', {
  needs: 'patch',
  decode: resultSchema.parse,
});

/** What the scripts that change a row take. */
export function valuesOf({ batchId, row, to, patch, add, fence }: Transition): (string | number)[] {
  return [batchId, row, to, jsonForScript(patch ?? {}), jsonForScript(add ?? {}), fence ?? ''];
}

/**
 * Moves a row to another outcome, with its counters, in one step.
 * @throws AppError TRANSITION_REFUSED if the row has an outcome from which this is impossible, or another
 *   attempt holds it. Nothing has changed then.
 */
export async function transition(ledger: LedgerAccess, move: Transition): Promise<Moved> {
  const { isMoved, record, promoted } = await runLedgerScript(transitionScript, ledger, [
    ...valuesOf(move),
    move.parkAt ?? 0,
  ]);
  if (isMoved) return { record, promoted };
  const { batchId, row, to } = move;
  throw new AppError(
    'TRANSITION_REFUSED',
    `Row ${row} of batch ${batchId} is ${record.outcome} and cannot become ${to}.`,
  );
}
