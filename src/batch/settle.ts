/** A person decides a parked row: its submit was sent and every answer was lost. */
import { customerOfStored } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { By } from './by.ts';
import { checkOrder, settleOrderSchema } from './orders.ts';

export interface SettleOrder extends By {
  /** Row number, as in the result files. */
  row: number;
  /** What the person found out. */
  as: 'submitted' | 'failed';
}

export interface Settled {
  custSpaceId: string;
}

/** @throws AppError ROW_STATE if the row is not parked */
export async function settle(
  { ledger }: Pick<OpenAccount, 'ledger'>,
  batchId: string,
  { by, row, as }: SettleOrder,
): Promise<Settled> {
  checkOrder(settleOrderSchema, { by, row, as });
  const stored = await ledger.readRow(batchId, row);
  if (!stored?.record.parked)
    throw new AppError('ROW_STATE', `Row ${row} of batch ${batchId} is not parked.`);
  const columns = await ledger.readColumns(batchId);
  const { CustSpaceId: custSpaceId } = customerOfStored(columns, stored.input.values);
  const reason = as === 'submitted' ? { code: null, hint: null, class: null } : {};
  const patch = { message: `Settled as ${as} by ${by}.`, parked: false, ...reason };
  await ledger.transition({ batchId, row, custSpaceId, to: as, patch });
  await ledger.note(batchId, { by, action: 'settle', details: `row ${row} as ${as}` });
  return { custSpaceId };
}
