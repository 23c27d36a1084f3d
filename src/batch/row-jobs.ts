/** Rows of a batch as jobs. */
import { customerOfStored } from '../customer/validate.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import type { RowJob } from '../queue/job.ts';

/** @param redrive number of the redrive that the jobs belong to; 0 for the import */
export async function jobsOf(
  ledger: Ledger,
  batchId: string,
  { rows, redrive }: { rows: readonly StoredRow[]; redrive: number },
): Promise<RowJob[]> {
  const columns = await ledger.readColumns(batchId);
  return rows.map(({ row, input }) => {
    const { CustSpaceId: custSpaceId } = customerOfStored(columns, input.values);
    return { batchId, row, custSpaceId, redrive };
  });
}
