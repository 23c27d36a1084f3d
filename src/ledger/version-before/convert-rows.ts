import { z } from 'zod';
import { defineScript } from '../../redis/script.ts';
import type { LedgerAccess } from '../access.ts';
import type { NewRow } from '../enroll.ts';
import { ledgerParts, runLedgerScript } from '../scripts.ts';

const resultSchema = z.object({ converted: z.number() });

export const convertRowsScript = defineScript(new URL('./convert-rows.lua', import.meta.url), {
  ...ledgerParts('customers'),
  decode: resultSchema.parse,
});

/** Takes over rows of the version before. May be repeated. @returns how many were new */
export async function convertRows(
  ledger: LedgerAccess,
  batchId: string,
  rows: readonly (NewRow & { record: Record<string, unknown> })[],
): Promise<number> {
  const values = rows.flatMap(({ row, record, input }) => [
    row,
    JSON.stringify(record),
    JSON.stringify(input),
  ]);
  return (await runLedgerScript(convertRowsScript, ledger, [batchId, ...values])).converted;
}
