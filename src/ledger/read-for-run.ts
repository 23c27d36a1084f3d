import { z } from 'zod';
import { batchKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { LedgerAccess } from './access.ts';
import { type BatchState, batchStateSchema } from './batch-record.ts';
import { parseRow, type StoredRow } from './row-record.ts';

export interface RowOfRun extends StoredRow {
  /** Of the batch. */
  state: BatchState | undefined;
}

const resultSchema = z.object({
  record: z.string().nullable(),
  input: z.string().nullable(),
  state: batchStateSchema.nullable(),
});

export const readForRunScript = defineScript(new URL('./read-for-run.lua', import.meta.url), {
  decode: resultSchema.parse,
});

/** A row with the state of its batch, in one round trip: every run of a job begins with it. */
export async function readForRun(
  { redis, account }: LedgerAccess,
  batchId: string,
  row: number,
): Promise<RowOfRun | undefined> {
  const { batch, rows, inputs } = batchKeys(account, batchId);
  const { record, input, state } = await readForRunScript.run(redis, [rows, inputs, batch], [row]);
  if (!record || !input) return undefined;
  return { ...parseRow(row, record, input), state: state ?? undefined };
}
