import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { CHUNK_ROWS } from './iterate-rows.ts';
import { iteratePortions } from './row-numbers.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

export const withdrawRetriesScript = defineLedgerScript('withdraw-retries', {
  needs: 'base',
  isOnce: true,
  decode: z.object({ withdrawn: z.number() }).parse,
});

/** Leaves all rows of a batch out of the recurring redrive from now on. @returns how many were in it */
export async function withdrawRetries(ledger: LedgerAccess, batchId: string, by: string): Promise<number> {
  const cancellation = randomUUID();
  let sum = 0;
  for await (const rows of iteratePortions(ledger, batchId, { outcomes: ['failed'], size: CHUNK_ROWS }))
    sum += (await runLedgerScript(withdrawRetriesScript, ledger, [batchId, by, cancellation, ...rows]))
      .withdrawn;
  return sum;
}
