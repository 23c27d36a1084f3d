/** Cancels a batch: what was not sent stays unsent, calls in progress finish, and each row's outcome says which. */
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { By } from './by.ts';
import { type Giving, giveJobsTo } from './give-jobs.ts';
import { bySchema, checkOrder } from './orders.ts';
import { requireDone } from './require-done.ts';
import { withdrawJobs } from './withdraw.ts';

/** What a cancellation stopped. */
export interface Cancelled {
  /** Rows that were cancelled now; those in progress are cancelled by their workers after the call. */
  rows: number;
  /** Rows that had failed and would have been retried on schedule; they stay failed. */
  retries: number;
  /** Not all of its rows are there: those that an import still adds come as cancelled, and are not counted here. */
  isGrowing: boolean;
}

type Cancelling = Giving & Pick<OpenAccount, 'queues'>;

/**
 * An import that is still adding rows adds them as cancelled. Of a batch that is finished, what the schedule would retry
 * is withdrawn. @throws AppError BATCH_STATE if the batch is finished and nothing of it would be retried
 */
export async function cancel(account: Cancelling, batchId: string, { by }: By): Promise<Cancelled> {
  checkOrder(bySchema, { by });
  const { ledger } = account;
  const { kind, sealedAt } = await ledger.requireBatch(batchId);
  const isGrowing = kind === 'import' && sealedAt === undefined;
  // The fact first: from here on no worker starts a row of this batch.
  const changed = await ledger.cancelBatch(batchId, by);
  const retries = changed.verdict === 'finished' ? await ledger.withdrawRetries(batchId, by) : 0;
  // One that was interrupted is completed.
  const goesOn = changed.verdict === 'cancelled' && changed.state === 'cancelling';
  if (!goesOn && retries === 0) requireDone(batchId, changed);
  const rows = retries > 0 ? 0 : await cancelWaitingRows(account, batchId);
  return { rows, retries, isGrowing };
}

/** Ends the rows of a cancelled batch that are not being called for. @returns how many */
export async function cancelWaitingRows(account: Cancelling, batchId: string): Promise<number> {
  const { ledger } = account;
  const selection = { outcomes: ['pending', 'waiting', 'uploaded', 'failed'], size: CHUNK_ROWS } as const;
  let rows = 0;
  for await (const numbers of ledger.iteratePortions(batchId, selection)) {
    const before = await ledger.readRecords(batchId, numbers);
    const cancelled = await ledger.cancelRows(batchId, numbers);
    // A person wants it sent after all, and its rows have been given jobs.
    if (!cancelled.isCancelled) break;
    await withdrawJobs(account, batchId, before.rows);
    await giveJobsTo(account, cancelled.promoted);
    rows += cancelled.rows.length;
  }
  return rows;
}
