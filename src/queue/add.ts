import type { StepName } from '../redis/keys.ts';
import { jobIdOf, type RowJob, storedJobOf } from './job.ts';
import type { AccountQueues } from './queues.ts';

export interface JobTiming {
  /** See `PRIORITY`. */
  priority: number;
  /** Milliseconds from now. */
  delay?: number;
}

/** Adds the jobs of rows for a step. Adding one again changes nothing, so this may be repeated after a crash. */
export async function addJobs(
  queues: AccountQueues,
  step: StepName,
  rows: readonly RowJob[],
  timing: JobTiming,
): Promise<void> {
  const jobs = rows.map((row) => ({
    name: row.custSpaceId,
    data: storedJobOf(row),
    opts: { jobId: jobIdOf(step, row), ...timing },
  }));
  const [first] = jobs;
  // Every row is handed over from step to step alone, and one job costs less than a bulk of one.
  if (first !== undefined && jobs.length === 1) await queues[step].add(first.name, first.data, first.opts);
  else await queues[step].addBulk(jobs);
}
