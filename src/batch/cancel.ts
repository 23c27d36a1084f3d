/** Cancels a batch: what was not sent stays unsent, calls in progress finish, and each row's outcome says which. */
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { plural } from '../text.ts';
import type { By } from './by.ts';
import { bySchema, checkOrder } from './orders.ts';
import { jobsOf } from './row-jobs.ts';
import { isWaiting, withdrawJobs } from './withdraw.ts';

export interface Cancelled {
  /** Rows that were cancelled now; those in progress are cancelled by their workers after the call. */
  rows: number;
}

/** @throws AppError BATCH_STATE if the batch is finished */
export async function cancel(
  { ledger, queues }: Pick<OpenAccount, 'ledger' | 'queues'>,
  batchId: string,
  { by }: By,
): Promise<Cancelled> {
  checkOrder(bySchema, { by });
  const { state, lastRedrive } = await ledger.requireBatch(batchId);
  if (state === 'finished')
    throw new AppError('BATCH_STATE', `Batch ${batchId} is finished; there is nothing left to cancel.`);
  // The state first: from here on no worker starts a row of this batch.
  await ledger.markCancelling(batchId);
  let rows = 0;
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const jobs = await jobsOf(ledger, batchId, { rows: chunk.filter(isWaiting), redrive: lastRedrive });
    const done = await Promise.allSettled(jobs.map((job) => ledger.transition({ ...job, to: 'cancelled' })));
    rows += done.filter(({ status }) => status === 'fulfilled').length;
    await withdrawJobs({ queues }, jobs, lastRedrive);
  }
  await ledger.finish(batchId);
  await ledger.note(batchId, { by, action: 'cancel', details: plural(rows, 'row') });
  return { rows };
}
