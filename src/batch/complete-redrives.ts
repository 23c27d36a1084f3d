/** Gives the rows of a redrive or a resume their jobs, even if a process was killed in the middle of one. */
import type { Outcome } from '../ledger/outcome.ts';
import type { Redrive } from '../ledger/redrive-record.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import { addJobs } from '../queue/add.ts';
import { PRIORITY } from '../queue/priority.ts';
import type { StepName } from '../redis/keys.ts';
import { type Redriving, timingOf } from './redrive.ts';
import { jobsOf } from './row-jobs.ts';

/** A redrive that is older than this and has not ended was killed, in milliseconds. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** Which step a row that is under way waits for. */
const OUTCOMES_BEFORE: Record<StepName, readonly Outcome[]> = {
  upload: ['pending', 'uploading'],
  submit: ['uploaded', 'submitting'],
};

/** Completes redrives that were killed in the middle. @returns how many */
export async function completeRedrives(redriving: Redriving): Promise<number> {
  const abandoned = await redriving.ledger.listUnfinishedRedrives(redriving.now() - ABANDONED_AFTER_MS);
  for (const { batchId, redrive } of abandoned) await enqueueRedrive(redriving, batchId, redrive);
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
    for (const step of ['upload', 'submit'] as const) {
      const waiting = rows.filter(({ record }) => OUTCOMES_BEFORE[step].includes(record.outcome));
      const jobs = await jobsOf(ledger, batchId, { rows: waiting, redrive: begun.number });
      await addJobs(queues, step, jobs, step === 'upload' ? timing : { priority: timing.priority });
    }
  }
  await ledger.endRedrive(batchId, begun);
}

/** A resume takes every row that is not done, a redrive only those that it has claimed. */
const belongsTo = (begun: Redrive, { record }: StoredRow) =>
  begun.kind === 'resume' || record.redrive === begun.number;
