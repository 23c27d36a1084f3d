import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { type Place, placeSchema } from './place.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({ promoted: z.array(placeSchema) });

export const serveWaitingScript = defineLedgerScript('serve-waiting', {
  needs: 'customers',
  decode: resultSchema.parse,
});

/** Looks again at waiting rows. @returns those that may be sent now, of any batch: they need jobs */
export async function serveWaiting(
  ledger: LedgerAccess,
  batchId: string,
  rows: readonly number[],
): Promise<Place[]> {
  return (await runLedgerScript(serveWaitingScript, ledger, [batchId, ...rows])).promoted;
}
