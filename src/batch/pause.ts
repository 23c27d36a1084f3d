/** Stops an account or a batch until `resume`: nothing more of it is sent, calls in progress finish. */
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { By } from './by.ts';
import { bySchema, checkOrder } from './orders.ts';
import { requireDone } from './require-done.ts';
import { withdrawPaused } from './withdraw.ts';

/** Nothing is granted from then on. */
export async function pauseAccount(
  { pause, logger }: Pick<OpenAccount, 'pause' | 'logger'>,
  { by }: By,
): Promise<void> {
  await pause.set(by);
  logger.info({ event: 'account_paused', by }, 'account paused');
}

/** @throws AppError BATCH_STATE if the batch is finished, cancelled, or paused already */
export async function pauseBatch(
  { ledger, queues }: Pick<OpenAccount, 'ledger' | 'queues'>,
  batchId: string,
  { by }: By,
): Promise<void> {
  checkOrder(bySchema, { by });
  requireDone(batchId, await ledger.pauseBatch(batchId, by));
  await withdrawPaused({ ledger, queues }, batchId);
}
