import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { placeSchema } from './place.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({
  /** Whether the batch is cancelled; if not, or no longer, nothing has changed. */
  isCancelled: z.literal([0, 1]).transform((flag) => flag === 1),
  /** Those that were moved. */
  rows: z.array(z.coerce.number()),
  /** Waiting rows of other batches that may be sent now: they need jobs. */
  promoted: z.array(placeSchema),
});

export const cancelRowsScript = defineLedgerScript('cancel-rows', {
  needs: 'customers',
  isOnce: true,
  decode: resultSchema.parse,
});

/** Ends those of some rows of a cancelled batch that are not being called for right now; at most `CHUNK_ROWS`. */
export function cancelRows(ledger: LedgerAccess, batchId: string, rows: readonly number[]) {
  return runLedgerScript(cancelRowsScript, ledger, [batchId, ...rows]);
}
