/** Which jobs the rows of a batch can have, and how they are timed. Pure, except for `readJobsDue`. */
import type { Batch } from '../ledger/batch-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ActiveRow } from '../ledger/list-active-rows.ts';
import type { Redrive } from '../ledger/redrive-record.ts';
import type { JobTiming } from '../queue/add.ts';
import { jobIdOf } from '../queue/job.ts';
import { PRIORITY } from '../queue/priority.ts';
import type { StepName } from '../redis/keys.ts';
import { timingOf } from './redrive.ts';

/** What determines the jobs of a batch's rows. */
export interface JobsDue {
  batch: Batch;
  redrives: readonly Redrive[];
}

export async function readJobsDue(ledger: Ledger, batchId: string): Promise<JobsDue> {
  // In this order, the list includes the `resume` of a batch that is paused and resumed in between.
  const batch = await ledger.requireBatch(batchId);
  return { batch, redrives: await ledger.listRedrives(batchId) };
}

/**
 * Numbers that a row's job may have, newest last: that of the redrive that took the row, and that of every `resume`
 * since, because a resume gives jobs to rows without writing its number into them.
 */
function numbersOf({ redrives }: JobsDue, redrive: number): number[] {
  const resumes = redrives.filter(({ kind, number }) => kind === 'resume' && number > redrive);
  return [redrive, ...resumes.map(({ number }) => number)];
}

export function jobIdsOf(due: JobsDue, step: StepName, { row, redrive }: ActiveRow): string[] {
  const batchId = due.batch.id;
  return numbersOf(due, redrive).map((number) => jobIdOf(step, { batchId, row, redrive: number }));
}

/** The number for a job that is given to a row now. */
export function newestNumber(due: JobsDue, redrive: number): number {
  return Math.max(...numbersOf(due, redrive));
}

/** The timing set by the import or redrive that took the row. @param now milliseconds since 1970 */
export function timingDue({ batch, redrives }: JobsDue, redrive: number, now: number): JobTiming {
  const taken = redrives.find(({ number }) => number === redrive);
  const { delay } = timingOf(taken ?? batch, now);
  return { delay, priority: taken === undefined ? batch.priority || PRIORITY.normal : PRIORITY.first };
}
