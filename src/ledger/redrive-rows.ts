import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { placeSchema } from './place.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const numbers = z.array(z.coerce.number());

const resultSchema = z.object({
  /** `gone` if the batch was cancelled or purged meanwhile: then nothing has changed. */
  verdict: z.enum(['done', 'gone']),
  /** Rows that need jobs. */
  pending: numbers,
  /** Rows of which another row has the customer, with the same data. */
  waiting: numbers,
  /** Rows of which the same data was submitted meanwhile. */
  unchanged: numbers,
  /** How many of the pending ones may have arrived before. */
  doubtful: z.number().default(0),
  /** Rows that stay as they are. */
  left: z.array(
    z.tuple([z.coerce.number(), z.string(), z.string()]).transform(([row, why, place]) => ({
      row,
      /** `MOVED`, `SUPERSEDED`, or the code of what is in the way. */
      why,
      /** The row that is in the way. */
      place: place === '' ? undefined : placeSchema.parse(place),
    })),
  ),
});
export type Redriven = z.output<typeof resultSchema>;

export const redriveRowsScript = defineLedgerScript('redrive-rows', {
  needs: 'customers',
  isOnce: true,
  decode: resultSchema.parse,
});

export interface RowsToRedrive {
  rows: readonly number[];
  /** Number of the redrive that takes them. */
  number: number;
  /** In milliseconds since 1970. */
  notBefore?: number;
  /** The recurring redrive takes a row only so often. */
  turns?: number;
  /** Send a parked row again, although the earlier submit may have arrived. */
  takesParked?: boolean;
  /** Send data that newer data has replaced. */
  takesSuperseded?: boolean;
}

/** Takes up failed or cancelled rows again; at most `CHUNK_ROWS`. */
export function redriveRows(
  ledger: LedgerAccess,
  batchId: string,
  { rows, number, notBefore = 0, turns = 0, takesParked = false, takesSuperseded = false }: RowsToRedrive,
): Promise<Redriven> {
  const flags = [takesParked, takesSuperseded].map(Number);
  return runLedgerScript(redriveRowsScript, ledger, [batchId, number, notBefore, turns, ...flags, ...rows]);
}
