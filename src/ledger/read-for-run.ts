import { z } from 'zod';
import type { LedgerAccess } from './access.ts';
import { parseRow, type StoredRow } from './row-record.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

export interface RowOfRun extends StoredRow {
  /** Facts of its batch. */
  isCancelled: boolean;
  isPaused: boolean;
  /** Of its batch; 0 for the usual one. */
  priority: number;
  /** By the clock of Redis, in milliseconds since 1970. */
  now: number;
}

const flag = z.literal([0, 1]).transform((value) => value === 1);
const resultSchema = z.object({
  record: z.string().nullable(),
  input: z.string().nullable(),
  isCancelled: flag,
  isPaused: flag,
  priority: z.number(),
  now: z.number(),
});

export const readForRunScript = defineLedgerScript('read-for-run', {
  needs: 'base',
  decode: resultSchema.parse,
});

/** A row with the facts of its batch, in one round trip: every run of a job begins with it. */
export async function readForRun(
  ledger: LedgerAccess,
  batchId: string,
  row: number,
): Promise<RowOfRun | undefined> {
  const { record, input, ...facts } = await runLedgerScript(readForRunScript, ledger, [batchId, row]);
  if (!record) return undefined;
  return { ...parseRow(row, record, input), ...facts };
}
