/** Which job an active row has, and how it is timed. Pure. */
import type { Batch } from '../ledger/batch-record.ts';
import type { RecordOfRow } from '../ledger/read-records.ts';
import type { JobTiming } from '../queue/add.ts';
import { jobIdOf, type RowJob } from '../queue/job.ts';
import { PRIORITY } from '../queue/priority.ts';
import type { StepName } from '../redis/keys.ts';

export function jobOf(batchId: string, { row, record }: RecordOfRow): RowJob {
  return { batchId, row, redrive: record.redrive ?? 0, custSpaceId: record.custSpaceId };
}

export function idOfJob(batchId: string, step: StepName, row: RecordOfRow): string {
  return jobIdOf(step, jobOf(batchId, row));
}

/** As the import or the redrive that took the row wanted it. @param now milliseconds since 1970 */
export function timingDue(
  batch: Pick<Batch, 'priority' | 'notBefore'>,
  { record }: RecordOfRow,
  now: number,
): JobTiming {
  if (record.redrive !== undefined) return timingOf(record, now);
  return { priority: batch.priority || PRIORITY.normal, delay: delayUntil(batch.notBefore, now) };
}

/** Of a redrive: ahead of everything that waits, but not before its time. @param now milliseconds since 1970 */
export function timingOf({ notBefore }: { notBefore?: number }, now: number): JobTiming {
  return { priority: PRIORITY.first, delay: delayUntil(notBefore, now) };
}

function delayUntil(time: number | undefined, now: number): number {
  return time === undefined ? 0 : Math.max(time - now, 0);
}
