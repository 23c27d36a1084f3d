import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { placeSchema } from './place.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({
  /** Rows that are in doubt now. */
  doubted: z.number(),
  /** Waiting rows that may be sent now: they need jobs. */
  promoted: z.array(placeSchema),
});

export const recoverRowsScript = defineLedgerScript('recover-rows', {
  needs: 'customers',
  isOnce: true,
  decode: resultSchema.parse,
});

export interface RowsToRecover {
  rows: readonly number[];
  /** Leave rows that are under way to a person. */
  parks: boolean;
  by: string;
  /** The same for all rows that are recovered together. */
  recovery: string;
}

/**
 * Marks rows as possibly sent since a backup was made; at most `CHUNK_ROWS`. Those that are not submitted count one more
 * lost answer.
 */
export function recoverRows(
  ledger: LedgerAccess,
  batchId: string,
  { rows, parks, by, recovery }: RowsToRecover,
) {
  return runLedgerScript(recoverRowsScript, ledger, [batchId, Number(parks), by, recovery, ...rows]);
}
