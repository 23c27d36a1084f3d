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

/**
 * Marks rows as possibly sent since a backup was made; at most `CHUNK_ROWS`. Those that are not submitted count one more
 * lost answer.
 */
export function recoverRows(
  ledger: LedgerAccess,
  batchId: string,
  { rows, parks }: { rows: readonly number[]; parks: boolean },
) {
  return runLedgerScript(recoverRowsScript, ledger, [batchId, Number(parks), ...rows]);
}
