/** Takes the waiting jobs of a batch out of the queues, so that they do not use up the turns of other batches. */

import type { StoredRow } from '../ledger/row-record.ts';
import type { AccountRuntime } from '../onboarding/open-account.ts';
import type { RowJob } from '../queue/job.ts';
import { removeJobs } from '../queue/remove.ts';
import { jobsOf } from './row-jobs.ts';

type Withdrawing = Pick<AccountRuntime, 'ledger' | 'queues'>;

/** Rounds whose jobs are looked for; a job of an older one ends by itself when it finds its row stopped. */
const ROUNDS_MAX = 10;

export const isWaiting = ({ record }: StoredRow) =>
  record.outcome === 'pending' || record.outcome === 'uploaded';

/** Removes the jobs that these rows have in rounds up to the given one; a job that runs already stays. */
export async function withdrawJobs({ queues }: Withdrawing, jobs: readonly RowJob[], lastRound: number) {
  for (let round = lastRound; round >= 0 && round > lastRound - ROUNDS_MAX; round--)
    await removeJobs(
      queues,
      jobs.map((job) => ({ ...job, redrive: round })),
    );
}

/**
 * A batch paused by itself while its jobs wait: the first of them that is fetched withdraws the others.
 * @param lastRound of the job that was fetched. Jobs of later rounds belong to a `resume` and must stay.
 */
export async function withdrawPaused(
  runtime: Withdrawing,
  batchId: string,
  lastRound: number,
): Promise<void> {
  const { ledger } = runtime;
  if (!(await ledger.claimWithdrawal(batchId))) return;
  for await (const chunk of ledger.iterateChunks(batchId))
    await withdrawJobs(runtime, await jobsOf(ledger, batchId, chunk.filter(isWaiting), lastRound), lastRound);
}
