/** Cancels a batch: what was not sent stays unsent, what is under way finishes, and the outcome of each row says so. */
import { AppError } from '../errors.ts';
import type { AccountRuntime } from '../onboarding/open-account.ts';
import { jobsOf } from './row-jobs.ts';
import { isWaiting, withdrawJobs } from './withdraw.ts';

/** @returns rows that were cancelled now; those under way are cancelled by their workers after the call. */
export async function cancelBatch(
  runtime: Pick<AccountRuntime, 'ledger' | 'queues'>,
  batchId: string,
): Promise<number> {
  const { ledger } = runtime;
  const batch = await ledger.requireBatch(batchId);
  if (batch.state === 'finished')
    throw new AppError('BATCH_STATE', `The batch ${batchId} is finished; there is nothing to cancel.`);
  // First the state: from here on no worker begins a row of this batch.
  await ledger.markCancelling(batchId);
  let cancelled = 0;
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const jobs = await jobsOf(ledger, batchId, chunk.filter(isWaiting), batch.redrives);
    const done = await Promise.allSettled(jobs.map((job) => ledger.transition({ ...job, to: 'cancelled' })));
    cancelled += done.filter(({ status }) => status === 'fulfilled').length;
    await withdrawJobs(runtime, jobs, batch.redrives);
  }
  await ledger.finish(batchId);
  return cancelled;
}
