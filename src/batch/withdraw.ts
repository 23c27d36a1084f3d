/** Takes the waiting jobs of a batch out of the queues, so that they take no turns from other batches. */
import type { StoredRow } from '../ledger/row-record.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { RowJob } from '../queue/job.ts';
import { removeJobs } from '../queue/remove.ts';
import { jobsOf } from './row-jobs.ts';

type Withdrawing = Pick<OpenAccount, 'ledger' | 'queues'>;

/** Redrives whose jobs are looked for; a job of an older one ends on its own when it finds its row stopped. */
const REDRIVES_MAX = 10;

export const isWaiting = ({ record }: StoredRow) =>
  record.outcome === 'pending' || record.outcome === 'uploaded';

/** Removes the jobs that these rows have from redrives up to the given one; a job that is already running stays. */
export async function withdrawJobs(
  { queues }: Pick<Withdrawing, 'queues'>,
  jobs: readonly RowJob[],
  lastRedrive: number,
): Promise<void> {
  for (let redrive = lastRedrive; redrive >= 0 && redrive > lastRedrive - REDRIVES_MAX; redrive--)
    await removeJobs(
      queues,
      jobs.map((job) => ({ ...job, redrive })),
    );
}

/**
 * A batch has paused itself while its jobs wait: the first of them to be fetched withdraws the others.
 * @param lastRedrive of the job that was fetched. Jobs of later ones belong to a `resume` and must stay.
 */
export async function withdrawPaused(
  { ledger, queues }: Withdrawing,
  batchId: string,
  lastRedrive: number,
): Promise<void> {
  if (!(await ledger.claimWithdrawal(batchId))) return;
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const jobs = await jobsOf(ledger, batchId, { rows: chunk.filter(isWaiting), redrive: lastRedrive });
    await withdrawJobs({ queues }, jobs, lastRedrive);
  }
}
