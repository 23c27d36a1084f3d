import { z } from 'zod';
import { jsonForScript } from '../redis/json.ts';
import type { LedgerAccess } from './access.ts';
import { type Place, placeSchema } from './place.ts';
import type { RowRecord } from './row-record.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

/** A submit that succeeded. */
export interface Success extends Place {
  /** As it was marked before the call. */
  record: Pick<RowRecord, 'custSpaceId' | 'fingerprint' | 'order' | 'seq' | 'generation'>;
  requestId: string | undefined;
}

const resultSchema = z.object({
  /** The row was not known to be submitted before. */
  isMoved: z.literal([0, 1]).transform((flag) => flag === 1),
  /** Waiting rows that may be sent now: they need jobs. */
  promoted: z.array(placeSchema),
});

export const recordSuccessScript = defineLedgerScript('record-success', {
  needs: 'customers',
  decode: resultSchema.parse,
});

/** Writes a success down, whatever has become of its row. May be repeated, and come late. */
export function recordSuccess(ledger: LedgerAccess, { batchId, row, record, requestId }: Success) {
  const { custSpaceId, fingerprint, order, seq = 0, generation } = record;
  const fact = jsonForScript({ fingerprint, order, seq, generation, requestId });
  return runLedgerScript(recordSuccessScript, ledger, [batchId, row, custSpaceId, fact]);
}
