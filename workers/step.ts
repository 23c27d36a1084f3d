/**
 * One run of one job: reads its row, lets the step do its one limited call, and says what happens to row and job.
 * Both queues share this frame; what differs is in `workers/upload.ts` and `workers/submit.ts`.
 */
import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import { withdrawPaused } from '../src/batch/withdraw.ts';
import { AppError } from '../src/errors.ts';
import { type Outcome, TRANSITIONS } from '../src/ledger/outcome.ts';
import type { StoredRow } from '../src/ledger/row-record.ts';
import type { AccountRuntime } from '../src/onboarding/open-account.ts';
import type { Grant } from '../src/pace/pacer.ts';
import { jobDataSchema, type RowJob, type StoredJob } from '../src/queue/job.ts';
import type { StepName } from '../src/redis/keys.ts';
import { settle, tryLater } from './verdict.ts';

/** A row whose workers died this often during its job is taken for the reason. */
const CRASHES_MAX = 25;
const HOUR_MS = 3_600_000;

export interface StepRun {
  runtime: AccountRuntime;
  job: Job<StoredJob>;
  /** BullMQ's lock on the job. */
  token: string;
  data: RowJob;
  stored: StoredRow;
  /** Names this run where it holds the row. */
  attemptToken: string;
  /** Aborted when the process is asked to end: a call that was not sent yet is handed back. */
  stopping: AbortSignal;
}

export interface Step {
  operation: StepName;
  /** Outcome of a row before the call, to which it goes back when the call leads to nothing. */
  before: Outcome;
  /** Outcome of a row during the call. */
  during: Outcome;
  /** Whether the row belongs to one run during the call, so that a later run cannot take it for unsent. */
  isExclusive: boolean;
  /** Whether this row still needs the step's call; where not, `run` is skipped. */
  isDue(outcome: Outcome): boolean;
  run(run: StepRun): Promise<void>;
  /** After the call, or instead of it where the row had it already. Must be harmless to repeat. */
  handOver(run: Omit<StepRun, 'stored'>): Promise<void>;
}

export function createProcessor(runtime: AccountRuntime, step: Step, stopping: AbortSignal) {
  return async (job: Job<StoredJob>, token = ''): Promise<void> => {
    const data = { ...jobDataSchema.parse(job.data), custSpaceId: job.name };
    const stored = await runtime.ledger.readForRun(data.batchId, data.row);
    const context = { runtime, job, token, data, stopping, attemptToken: randomUUID() };
    // Purged while it waited: there is nothing to do and nobody to tell.
    if (stored === undefined) return;
    // The row stays as it is; `resume` gives it a new job.
    if (stored.state === 'paused') return withdrawPaused(runtime, data.batchId, data.redrive);
    // A submit that may have been sent is settled first.
    if (stored.state === 'cancelling' && stored.record.outcome !== 'submitting')
      return cancelRow(context, stored);
    if (step.isDue(stored.record.outcome)) await attempt(step, { ...context, stored });
    await step.handOver(context);
  };
}

async function cancelRow({ runtime, data }: Omit<StepRun, 'stored'>, { record }: StoredRow): Promise<void> {
  // A row that is still `uploading` was left so by a worker that died.
  if (TRANSITIONS[record.outcome].includes('cancelled'))
    await runtime.ledger.transition({ ...data, to: 'cancelled' });
}

async function attempt(step: Step, run: StepRun): Promise<void> {
  try {
    assertWorthwhile(run);
    await step.run(run);
  } catch (error) {
    await settle(step, run, error).catch((failure: unknown) => tryLater(run, failure));
  }
}

function assertWorthwhile({ job, runtime, stored }: StepRun): void {
  // A submit that may have been sent is never given up unseen: losing its answer has a limit of its own.
  if (stored.record.outcome === 'submitting') return;
  if (job.stalledCounter > CRASHES_MAX)
    throw new AppError('WORKER_LOST', `Workers died ${job.stalledCounter} times while they had this row.`);
  const hours = runtime.config.ONBOARD_DEADLINE_HOURS;
  if (Date.now() > job.timestamp + (job.opts.delay ?? 0) + hours * HOUR_MS)
    throw new AppError('DEADLINE_EXCEEDED', `Not done within ${hours} hours.`);
}

/**
 * Makes the limited call of a job run: asks the pacer, records that the call is under way, sends it.
 * A call that gets any answer about the customer proves the account sound, so it closes an open breaker.
 */
export async function callLimited<T>(step: Step, run: StepRun, send: () => Promise<T>): Promise<T> {
  const { ledger, pacer } = run.runtime;
  const token = step.isExclusive ? { token: run.attemptToken } : {};
  let isMarked = false;

  async function mark(): Promise<void> {
    const patch = { code: null, message: null, hint: null, class: null, ...token };
    const again = { add: {}, fence: step.isExclusive ? run.attemptToken : undefined };
    const more = isMarked ? again : { add: { attempts: 1 } };
    await ledger.transition({ ...run.data, to: step.during, patch, ...more });
    isMarked = true;
  }

  /** The grant came too late to be used and no other followed: nothing was sent, so nothing may look sent. */
  async function unmark(): Promise<void> {
    if (isMarked)
      await ledger.transition({ ...run.data, to: step.before, add: { attempts: -1 }, fence: token.token });
  }

  const grant = await pacer.take(step.operation, run.stopping, mark).catch(async (error: unknown) => {
    await unmark();
    throw error;
  });
  try {
    const answer = await send();
    await noteAnswer(run, step, grant);
    return answer;
  } catch (error) {
    if (error instanceof AppError && isAboutCustomer(error)) await noteAnswer(run, step, grant);
    throw error;
  }
}

const isAboutCustomer = (error: AppError) => error.class === 'customer' || error.class === 'unknown';

/** Bookkeeping after an answer. Its own failure must not cost us the answer, which is a fact by now. */
async function noteAnswer({ runtime }: StepRun, step: Step, grant: Grant): Promise<void> {
  try {
    await runtime.pacer.accepted(step.operation, grant);
    if (grant.isProbe) await closeBreaker(runtime);
  } catch (error) {
    runtime.logger.warn(
      { event: 'note_failed', error: (error as Error).message },
      'pace or breaker not updated',
    );
  }
}

/** Closes an open breaker and lets both queues go on. @returns whether it was open */
export async function closeBreaker(runtime: AccountRuntime): Promise<boolean> {
  if (!(await runtime.breaker.close())) return false;
  runtime.logger.info({ event: 'breaker_closed' }, 'the account is accepted again');
  await Promise.all([runtime.queues.upload.removeRateLimitKey(), runtime.queues.submit.removeRateLimitKey()]);
  return true;
}
