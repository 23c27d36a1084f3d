/** A person decides a parked row: its submit was sent and every answer was lost. */
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { By } from './by.ts';
import { type Giving, giveJobsTo } from './give-jobs.ts';
import { checkOrder, settleOrderSchema } from './orders.ts';
import { requireRows } from './require-rows.ts';

export interface SettleOrder extends By {
  /** Row number, as in the result files. */
  row: number;
  /** What the person found out. */
  as: 'submitted' | 'failed';
}

/** The customer about whose row a person has decided. */
export interface Settled {
  custSpaceId: string;
}

/**
 * Rows that failed only because this one was parked follow it, if it was submitted.
 * @throws AppError USAGE if there is no such row; ROW_STATE if it is not parked
 */
export async function settle(
  account: Giving & Pick<OpenAccount, 'ledger'>,
  batchId: string,
  { by, row, as }: SettleOrder,
): Promise<Settled> {
  checkOrder(settleOrderSchema, { by, row, as });
  const { ledger } = account;
  requireRows(await ledger.requireBatch(batchId), [row]);
  const { isSettled, custSpaceId, promoted } = await ledger.settle({ batchId, row, as, by });
  if (!isSettled) throw new AppError('ROW_STATE', `Row ${row} of batch ${batchId} is not parked.`);
  await giveJobsTo(account, promoted);
  return { custSpaceId };
}
