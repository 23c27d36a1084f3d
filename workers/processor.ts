/** One run of one job: reads its row, lets the step do its one limited call, and says what happens to row and job. */
import { randomUUID } from 'node:crypto';
import { type Job, UnrecoverableError } from 'bullmq';
import { withdrawPaused } from '../src/batch/withdraw.ts';
import { AppError } from '../src/errors.ts';
import { jobDataSchema, type StoredJob } from '../src/queue/job.ts';
import { handBack } from './job-moves.ts';
import { cancelRow, giveWay, Obstacle } from './obstacle.ts';
import { rowName } from './peer-call.ts';
import type { Step, StepRun, WorkerAccount } from './step.ts';
import { judge, tryLater } from './verdict.ts';

/** If workers died more often than this while processing a row, the row is taken as the cause. */
const CRASHES_MAX = 25;
const HOUR_MS = 3_600_000;

export function createProcessor(account: WorkerAccount, step: Step) {
  return async (job: Job<StoredJob>, token = ''): Promise<void> => {
    const place = jobDataSchema.parse(job.data);
    const { leaving: stopping, isHeld } = account.machine;
    // A worker that was waiting for a job when it was paused still takes one.
    if (isHeld) return handBack({ job, token });
    const stored = await account.ledger.readForRun(place.batchId, place.row);
    // Purged while it waited: nothing to do, nothing to report.
    if (stored === undefined) return;
    const { outcome, custSpaceId } = stored.record;
    const data = { ...place, custSpaceId };
    const turn = { isOurs: false };
    const run = { account, job, token, data, stored, stopping, turn, attemptToken: randomUUID() };
    // A submit that may have been sent is decided first.
    if (stored.isCancelled && outcome !== 'submitting') return cancelRow(run, stored.record);
    // The row stays as it is; `resume` gives it a job again.
    if (stored.isPaused && !stored.isCancelled) return withdrawPaused(account, data.batchId);
    // A row that waits has not been here yet: the next step's job would only be in the way of the real one.
    const isDone = step.isDue(outcome) ? await attempt(step, run) : outcome !== 'waiting';
    if (!isDone) return;
    await step.handOver(run);
  };
}

/** @returns whether the row goes on to the next step */
async function attempt(step: Step, run: StepRun): Promise<boolean> {
  try {
    await assertWorthwhile(run);
    await step.perform(run);
    await stopClock(run);
    return true;
  } catch (error) {
    if (error instanceof Obstacle && error.verdict !== 'moved') {
      await giveWay(run, error);
      return false;
    }
    return await judge(step, run, error)
      .catch((failure: unknown) => tryLater(run, failure))
      .catch((order: unknown) => keepClock(run, order));
  } finally {
    if (run.turn.isOurs) await giveBackTurn(run);
  }
}

/** Harmless if the row found out; needed if it failed for a reason of its own. */
async function giveBackTurn(run: StepRun): Promise<void> {
  await run.account.outage.giveBackTurn(rowName(run)).catch(() => undefined);
}

/** The deadline counts from the first run of a postponed job; failing to note it only means a longer wait. */
async function keepClock(run: StepRun, order: unknown): Promise<never> {
  const { job, account } = run;
  if (order instanceof UnrecoverableError) await stopClock(run);
  else if (job.id !== undefined && job.attemptsStarted <= 1)
    await account.deadline.begin(job.id).catch(() => undefined);
  throw order;
}

async function stopClock({ job, account }: StepRun): Promise<void> {
  if (job.id !== undefined && job.attemptsStarted > 1)
    await account.deadline.forget(job.id).catch(() => undefined);
}

async function assertWorthwhile({ job, account, stored }: StepRun): Promise<void> {
  // A submit that may have been sent is never given up unchecked: lost answers have a limit of their own.
  if (stored.record.outcome === 'submitting') return;
  if (stored.isInputLost)
    throw new AppError('ROW_LOST', 'Redis has lost what the source said about this row.');
  if (job.stalledCounter > CRASHES_MAX)
    throw new AppError('WORKER_LOST', `Workers died ${job.stalledCounter} times while processing this row.`);
  const { deadlineHours } = account.settings;
  const deadlineMs = deadlineHours * HOUR_MS;
  // How much of that time counts is looked up only for a row that is old enough.
  if (job.id === undefined || account.now() <= job.timestamp + (job.opts.delay ?? 0) + deadlineMs) return;
  if ((await account.deadline.triedFor(job.id)) > deadlineMs)
    throw new AppError('DEADLINE_EXCEEDED', `Not done within ${deadlineHours} hours.`);
}
