import { Job } from 'bullmq';
import type { StepName } from '../redis/keys.ts';
import { jobIdOf, type RowJob, storedJobOf } from './job.ts';
import type { AccountQueues } from './queues.ts';

/** Gives the waiting jobs of rows for a step another priority, in this order; one that is gone, or runs, is passed over. */
export async function prioritizeJobs(
  queues: AccountQueues,
  step: StepName,
  { rows, priority }: { rows: readonly RowJob[]; priority: number },
): Promise<void> {
  // Made from what is known: nothing of a job is needed but its id.
  const jobs = rows.map(
    (row) => new Job(queues[step], row.custSpaceId, storedJobOf(row), {}, jobIdOf(step, row)),
  );
  await Promise.allSettled(jobs.map((job) => job.changePriority({ priority })));
}
