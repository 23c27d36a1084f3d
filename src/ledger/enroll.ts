import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { LedgerAccess } from './access.ts';
import type { RowInput } from './row-record.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

export interface NewRow {
  row: number;
  custSpaceId: string;
  fingerprint: string;
  input: RowInput;
}

const resultSchema = z.object({
  verdict: z.enum(['enrolled', 'gone', 'sealed']),
  needed: z.array(z.coerce.number()),
});

export const enrollScript = defineLedgerScript('enroll', {
  needs: 'customers',
  decode: resultSchema.parse,
});

/**
 * Adds rows; returns the numbers of those that need an upload job. May be repeated. Rows of a cancelled batch are
 * `cancelled`.
 * @throws AppError BATCH_UNKNOWN if the batch was purged meanwhile, BATCH_STATE if it takes no more rows
 */
export async function enroll(
  ledger: LedgerAccess,
  batchId: string,
  rows: readonly NewRow[],
): Promise<number[]> {
  const values = rows.flatMap(({ row, custSpaceId, fingerprint, input }) => [
    row,
    custSpaceId,
    fingerprint,
    JSON.stringify(input),
  ]);
  const { verdict, needed } = await runLedgerScript(enrollScript, ledger, [batchId, ...values]);
  if (verdict === 'gone')
    throw new AppError('BATCH_UNKNOWN', `Batch ${batchId} was purged while rows were added to it.`);
  if (verdict === 'sealed') throw new AppError('BATCH_STATE', `Batch ${batchId} takes no more rows.`);
  return needed;
}
