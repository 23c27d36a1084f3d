/** One run of one job: reads its row, lets the step do its one limited call, and says what happens to row and job. */
import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import { withdrawPaused } from '../src/batch/withdraw.ts';
import { AppError } from '../src/errors.ts';
import { TRANSITIONS } from '../src/ledger/outcome.ts';
import type { StoredRow } from '../src/ledger/row-record.ts';
import { jobDataSchema, type StoredJob } from '../src/queue/job.ts';
import type { Step, StepRun, WorkerAccount } from './step.ts';
import { judge, tryLater } from './verdict.ts';

/** A row whose workers died more often than this during its job is taken for the cause. */
const CRASHES_MAX = 25;
const HOUR_MS = 3_600_000;

export function createProcessor(account: WorkerAccount, step: Step, stopping: AbortSignal) {
  return async (job: Job<StoredJob>, token = ''): Promise<void> => {
    const data = { ...jobDataSchema.parse(job.data), custSpaceId: job.name };
    const stored = await account.ledger.readForRun(data.batchId, data.row);
    const context = { account, job, token, data, stopping, attemptToken: randomUUID() };
    // Purged while it waited: there is nothing to do and nobody to tell.
    if (stored === undefined) return;
    // The row stays as it is; `resume` gives it a new job.
    if (stored.state === 'paused') return withdrawPaused(account, data.batchId, data.redrive);
    // A submit that may have been sent is decided first.
    if (stored.state === 'cancelling' && stored.record.outcome !== 'submitting')
      return cancelRow(context, stored);
    if (step.isDue(stored.record.outcome)) await attempt(step, { ...context, stored });
    await step.handOver(context);
  };
}

async function cancelRow({ account, data }: Omit<StepRun, 'stored'>, { record }: StoredRow): Promise<void> {
  // A row that is still `uploading` was left that way by a worker that died.
  if (TRANSITIONS[record.outcome].includes('cancelled'))
    await account.ledger.transition({ ...data, to: 'cancelled' });
}

async function attempt(step: Step, run: StepRun): Promise<void> {
  try {
    assertWorthwhile(run);
    await step.perform(run);
  } catch (error) {
    await judge(step, run, error).catch((failure: unknown) => tryLater(run, failure));
  }
}

function assertWorthwhile({ job, account, stored }: StepRun): void {
  // A submit that may have been sent is never dropped silently: lost answers have a limit of their own.
  if (stored.record.outcome === 'submitting') return;
  if (job.stalledCounter > CRASHES_MAX)
    throw new AppError('WORKER_LOST', `Workers died ${job.stalledCounter} times while processing this row.`);
  const { deadlineHours } = account.settings;
  if (account.now() > job.timestamp + (job.opts.delay ?? 0) + deadlineHours * HOUR_MS)
    throw new AppError('DEADLINE_EXCEEDED', `Not done within ${deadlineHours} hours.`);
}
