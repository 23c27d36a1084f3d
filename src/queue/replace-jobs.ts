import type { StepName } from '../redis/keys.ts';
import { addJobs, type JobTiming } from './add.ts';
import { jobIdOf, type RowJob } from './job.ts';
import type { AccountQueues } from './queues.ts';

/**
 * Adds the jobs of rows whose jobs nothing will run. A job that is finished, or of which only its data is left, has the
 * id still and would keep the new one out, so it goes first; one that runs after all is locked and stays.
 */
export async function replaceJobs(
  queues: AccountQueues,
  step: StepName,
  { rows, timing }: { rows: readonly RowJob[]; timing: JobTiming },
): Promise<void> {
  await Promise.all(rows.map((row) => queues[step].remove(jobIdOf(step, row))));
  await addJobs(queues, step, rows, timing);
}
