import { z } from 'zod';
import { accountKeys, batchKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { LedgerAccess } from './access.ts';
import type { RowInput } from './row-record.ts';

export interface NewRow {
  row: number;
  custSpaceId: string;
  fingerprint: string;
  input: RowInput;
}

const resultSchema = z.object({ needed: z.array(z.coerce.number()) });

export const enrollScript = defineScript(new URL('./enroll.lua', import.meta.url), {
  decode: resultSchema.parse,
});

/** Adds rows; returns the numbers of those that need an upload job. May be repeated. */
export async function enroll(
  { redis, account, now }: LedgerAccess,
  batchId: string,
  rows: readonly NewRow[],
): Promise<number[]> {
  const { batch, rows: rowsKey, inputs } = batchKeys(account, batchId);
  const keys = [batch, rowsKey, inputs, accountKeys(account).customers];
  const values = rows.flatMap(({ row, custSpaceId, fingerprint, input }) => [
    row,
    custSpaceId,
    fingerprint,
    JSON.stringify(input),
  ]);
  const { needed } = await enrollScript.run(redis, keys, [batchId, now(), ...values]);
  return needed;
}
