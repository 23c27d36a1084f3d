import { STEPS } from '../redis/keys.ts';
import { type JobData, jobIdOf } from './job.ts';
import type { AccountQueues } from './queues.ts';

/** Takes the waiting jobs of rows out of the queues of both steps; one that is already running stays. */
export async function removeJobs(queues: AccountQueues, rows: readonly JobData[]): Promise<void> {
  const removals = rows.flatMap((row) => STEPS.map((step) => queues[step].remove(jobIdOf(step, row))));
  await Promise.allSettled(removals);
}
