import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { placeSchema } from './place.ts';
import { parseRecord } from './row-record.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';
import { type Transition, valuesOf } from './transition.ts';

/**
 * Why a row was not marked: its batch is gone, cancelled or paused; it is not time yet; another row decided what becomes of it (it is
 * `unchanged`, `waiting` or `failed` now); or it was moved by another run.
 */
export const OBSTACLES = ['gone', 'cancelled', 'paused', 'later', 'decided', 'moved'] as const;

export const markSchema = z.object({
  verdict: z.enum(['marked', ...OBSTACLES]),
  record: z.string().transform(parseRecord).nullable(),
  /** Waiting rows that may be sent now: they need jobs. */
  promoted: z.array(placeSchema),
});
export type Marked = z.output<typeof markSchema>;

export const markRowScript = defineLedgerScript('mark-row', { needs: 'mark', decode: markSchema.parse });

/** Marks a row before its limited call, if nothing is in its way. */
export function markRow(ledger: LedgerAccess, mark: Transition): Promise<Marked> {
  return runLedgerScript(markRowScript, ledger, valuesOf(mark));
}
