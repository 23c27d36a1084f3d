/** Cancels a batch: what was not sent stays unsent, what is under way finishes, and the outcome of each row says so. */
import { customerOfStored } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import type { JobData } from '../queue/job.ts';
import { removeJobs } from '../queue/queues.ts';
import type { AccountRuntime } from '../queue/runtime.ts';

/** Rounds whose jobs are looked for; a job of an older one ends by itself when it finds its row cancelled. */
const ROUNDS_MAX = 10;

/** @returns rows that were cancelled now; those under way are cancelled by their workers after the call. */
export async function cancelBatch(
  { ledger, queues }: Pick<AccountRuntime, 'ledger' | 'queues'>,
  batchId: string,
): Promise<number> {
  const batch = await ledger.requireBatch(batchId);
  if (batch.state === 'finished')
    throw new AppError('BATCH_STATE', `The batch ${batchId} is finished; there is nothing to cancel.`);
  // First the state: from here on no worker begins a row of this batch.
  await ledger.markCancelling(batchId);
  const columns = await ledger.readColumns(batchId);
  const rounds = Array.from(
    { length: Math.min(batch.round, ROUNDS_MAX) + 1 },
    (_, index) => batch.round - index,
  );
  let cancelled = 0;
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const waiting = chunk.filter(
      ({ record }) => record.outcome === 'pending' || record.outcome === 'uploaded',
    );
    const data = waiting.map((row) => ({
      batchId,
      row: row.row,
      custSpaceId: customerOfStored(columns, row.input.values).CustSpaceId,
    }));
    const done = await Promise.allSettled(data.map((row) => ledger.transition({ ...row, to: 'cancelled' })));
    cancelled += done.filter(({ status }) => status === 'fulfilled').length;
    for (const round of rounds)
      await removeJobs(
        queues,
        data.map((row): JobData => ({ ...row, round })),
      );
  }
  await ledger.finish(batchId);
  return cancelled;
}
