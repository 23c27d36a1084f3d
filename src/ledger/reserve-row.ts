import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { REQUEST_KEPT_SECONDS } from './find-requested.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({ row: z.number() });

export const reserveRowScript = defineLedgerScript('reserve-row', {
  needs: 'rows',
  decode: resultSchema.parse,
});

/**
 * The number under which a single row is to be enrolled. Asking again for the same request gives the same number.
 * @returns undefined if the batch takes no more rows, or is gone
 */
export async function reserveRow(
  ledger: LedgerAccess,
  batchId: string,
  requestKey = '',
): Promise<number | undefined> {
  const { row } = await runLedgerScript(reserveRowScript, ledger, [
    batchId,
    requestKey,
    REQUEST_KEPT_SECONDS,
  ]);
  return row === 0 ? undefined : row;
}
