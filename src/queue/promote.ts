import type { StepName } from '../redis/keys.ts';
import type { AccountQueues } from './queues.ts';

/** Lets jobs go on at once that wait alone; one that runs, or is gone, is passed over. */
export async function promoteJobs(
  queues: AccountQueues,
  step: StepName,
  jobIds: readonly string[],
): Promise<void> {
  const jobs = await Promise.all(jobIds.map((id) => queues[step].getJob(id)));
  await Promise.allSettled(jobs.map((job) => job?.promote()));
}
