import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { followUnparked } from './follow-unparked.ts';
import { type Place, placeSchema } from './place.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({
  /** The row was parked. */
  isSettled: z.literal([0, 1]).transform((flag) => flag === 1),
  custSpaceId: z.string(),
  /** Waiting rows that may be sent now: they need jobs. */
  promoted: z.array(placeSchema),
  /** Not all rows that failed because of it have been told. */
  left: z.literal([0, 1]).transform((flag) => flag === 1),
});

export const settleScript = defineLedgerScript('settle', {
  needs: 'customers',
  isOnce: true,
  decode: resultSchema.parse,
});

/**
 * Ends the doubt about a parked row; a row that is not parked stays as it is. Rows that failed only because of it follow. If
 * this dies before all have, the upkeep goes on.
 */
export async function settle(
  ledger: LedgerAccess,
  { batchId, row, as, by }: Place & { as: 'submitted' | 'failed'; by: string },
) {
  const settled = await runLedgerScript(settleScript, ledger, [batchId, row, as, by]);
  // It is settled, whatever happens now.
  if (settled.left) await followUnparked(ledger, { batchId, row }).catch(() => undefined);
  return settled;
}
