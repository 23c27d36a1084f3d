/** Rows of a batch as jobs. */
import { customerOfStored } from '../customer/validate.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import type { RowJob } from '../queue/job.ts';

export async function jobsOf(
  ledger: Ledger,
  batchId: string,
  rows: readonly StoredRow[],
  redrive: number,
): Promise<RowJob[]> {
  const columns = await ledger.readColumns(batchId);
  return rows.map(({ row, input }) => ({
    batchId,
    row,
    custSpaceId: customerOfStored(columns, input.values).CustSpaceId,
    redrive,
  }));
}
