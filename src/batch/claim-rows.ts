/** Takes rows back to `pending` for a redrive, unless another batch has their customers by now. */
import { fingerprintOf } from '../customer/fingerprint.ts';
import { customerOfStored } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import type { RowJob } from '../queue/job.ts';

export interface Claim {
  batchId: string;
  rows: readonly StoredRow[];
  /** Number of the redrive that takes them. */
  redrive: number;
  add?: { rounds?: number };
}

/** Moves rows to `pending`, all at once. @returns the jobs of those that were free to go */
export async function claimRows(
  ledger: Ledger,
  { batchId, rows, redrive, add = {} }: Claim,
): Promise<RowJob[]> {
  const columns = await ledger.readColumns(batchId);
  const claimed = await Promise.all(
    rows.map(async ({ row, input }) => {
      const customer = customerOfStored(columns, input.values);
      const job = { batchId, row, custSpaceId: customer.CustSpaceId, redrive };
      const fingerprint = fingerprintOf(customer, input.sha256);
      return (await claimRow(ledger, job, { fingerprint, add })) ? [job] : [];
    }),
  );
  return claimed.flat();
}

async function claimRow(
  ledger: Ledger,
  { redrive, ...row }: RowJob,
  { fingerprint, add }: { fingerprint: string; add: { rounds?: number } },
): Promise<boolean> {
  try {
    // A lost answer stays on record; only what this redrive tries again is counted from zero.
    const patch = { class: null, tries: 0, redrive } as const;
    await ledger.transition({ ...row, to: 'pending', patch, add, claim: fingerprint });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'TRANSITION_REFUSED') return false;
    throw error;
  }
}
