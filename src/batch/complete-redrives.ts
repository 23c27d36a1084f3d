/** Gives the rows of a redrive or a resume their jobs, even if a process was killed in the middle of one. */
import type { Redrive } from '../ledger/redrive-record.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import { addJobs } from '../queue/add.ts';
import { PRIORITY } from '../queue/priority.ts';
import { STEPS } from '../redis/keys.ts';
import { type Redriving, timingOf } from './redrive.ts';
import { jobsOf } from './row-jobs.ts';
import { stepOf } from './step-of.ts';

/** A redrive that is older than this and has not ended was killed, in milliseconds. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/**
 * Gives jobs to the rows of redrives that were killed in the middle; one that cannot be completed stops no other.
 * @returns how many redrives
 * @throws AggregateError at the end if some could not be completed
 */
export async function completeRedrives(redriving: Redriving): Promise<number> {
  const abandoned = await redriving.ledger.listUnfinishedRedrives(redriving.now() - ABANDONED_AFTER_MS);
  const errors: unknown[] = [];
  for (const { batchId, redrive } of abandoned)
    await enqueueRedrive(redriving, batchId, redrive).catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} redrives cannot be completed`);
  return abandoned.length;
}

/** Adds the jobs of a redrive's rows; existing jobs stay as they are. */
export async function enqueueRedrive(
  { ledger, queues, now }: Redriving,
  batchId: string,
  begun: Redrive,
): Promise<void> {
  const { priority } = await ledger.requireBatch(batchId);
  const timing = begun.kind === 'resume' ? { priority: priority || PRIORITY.normal } : timingOf(begun, now());
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const rows = chunk.filter((row) => belongsTo(begun, row));
    for (const step of STEPS) {
      const waiting = rows.filter(({ record }) => stepOf(record.outcome) === step);
      const jobs = await jobsOf(ledger, batchId, { rows: waiting, redrive: begun.number });
      await addJobs(queues, step, jobs, step === 'upload' ? timing : { priority: timing.priority });
    }
  }
  await ledger.endRedrive(batchId, begun);
}

/** A resume takes every row that is not done, a redrive only those that it has claimed. */
const belongsTo = (begun: Redrive, { record }: StoredRow) =>
  begun.kind === 'resume' || record.redrive === begun.number;
