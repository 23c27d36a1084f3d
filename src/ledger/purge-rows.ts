import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { CHUNK_ROWS } from './iterate-rows.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

/** How long it is known that a batch was purged, in seconds. */
const KNOWN_S = 86_400;

const resultSchema = z.object({ verdict: z.string() });

export const purgeRowsScript = defineLedgerScript('purge-rows', {
  needs: 'customers',
  decode: resultSchema.parse,
});

/**
 * Deletes a finished batch with its personal data; what stays known of its customers is fingerprints. A purge that was
 * interrupted is completed by another one.
 * @returns `done`, `gone`, `parked` if a person must decide about some of its rows first, or the state that it is in
 */
export async function purge(ledger: LedgerAccess, batchId: string, by: string): Promise<string> {
  for (;;) {
    const { verdict } = await runLedgerScript(purgeRowsScript, ledger, [batchId, CHUNK_ROWS, KNOWN_S, by]);
    if (verdict !== 'more') return verdict;
  }
}
