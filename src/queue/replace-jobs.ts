import type { StepName } from '../redis/keys.ts';
import { addJobs, type JobTiming } from './add.ts';
import { jobIdOf, type RowJob } from './job.ts';
import type { AccountQueues } from './queues.ts';

/**
 * Adds new jobs for rows whose jobs nothing will run. A job that is finished, or of which only the data is left, still
 * occupies the id and would block the new one, so it is removed first. One that runs after all is locked and stays.
 */
export async function replaceJobs(
  queues: AccountQueues,
  step: StepName,
  { rows, timing }: { rows: readonly RowJob[]; timing: JobTiming },
): Promise<void> {
  await Promise.all(rows.map((row) => queues[step].remove(jobIdOf(step, row))));
  await addJobs(queues, step, rows, timing);
}
