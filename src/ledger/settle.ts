import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { type Place, placeSchema, placeText } from './place.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({
  /** The row was parked. */
  isSettled: z.literal([0, 1]).transform((flag) => flag === 1),
  custSpaceId: z.string(),
  /** Waiting rows that may be sent now: they need jobs. */
  promoted: z.array(placeSchema),
  /** Of rows that have yet to follow; empty if there are none. */
  fingerprint: z.string(),
});
const nextSchema = z.object({ next: z.number() });

export const settleScript = defineLedgerScript('settle', {
  needs: 'customers',
  isOnce: true,
  decode: resultSchema.parse,
});

export const followSettledScript = defineLedgerScript('follow-settled', {
  needs: 'customers',
  decode: nextSchema.parse,
});

/**
 * Ends the doubt about a parked row; a row that is not parked stays as it is. Rows that failed only because of it follow: the
 * first in the same script, the rest, which may be thousands, in as many scripts as it takes.
 */
export async function settle(
  ledger: LedgerAccess,
  { batchId, row, as, by }: Place & { as: 'submitted' | 'failed'; by: string },
) {
  const settled = await runLedgerScript(settleScript, ledger, [batchId, row, as, by]);
  const { custSpaceId, fingerprint } = settled;
  const failed = as === 'failed' ? placeText({ batchId, row }) : '';
  for (let next = fingerprint === '' ? 0 : 1; next > 0; )
    ({ next } = await runLedgerScript(followSettledScript, ledger, [custSpaceId, fingerprint, failed, next]));
  return settled;
}
