/**
 * What an error means for a row and its job. The processor says so by what it throws, in BullMQ's own words:
 *
 *   class                  row                 job
 *   throttled, breaker,    one step back       RateLimitError: the whole queue waits, no attempt is used
 *   paused
 *   outage                 one step back       RateLimitError; DelayedError for the row that probed
 *   transient              one step back       DelayedError with backoff; failed after TRIES_MAX
 *   ambiguous              one step back       DelayedError, twice; then the row is parked (failed)
 *   reauthorize            one step back       DelayedError, twice; then failed
 *   account                one step back       breaker opens; RateLimitError
 *   machine                one step back       WaitingError: another machine does it; this one takes no jobs
 *   customer, unknown      failed              UnrecoverableError
 *   process is stopping    one step back       WaitingError: handed back
 *   row moved by another   as it is            DelayedError: the next run reads what is true then
 *   mark not durable       one step back       DelayedError, without limit except the deadline: nothing was sent
 *   not ours (Redis, bug)  as it is            DelayedError, without limit except the deadline
 */
import { DelayedError, RateLimitError, UnrecoverableError, WaitingError } from 'bullmq';
import type { ErrorClass } from '../src/error-classes.ts';
import type { ErrorCode } from '../src/error-codes.ts';
import { AppError } from '../src/errors.ts';
import { NotNow } from '../src/pace/not-now.ts';
import { backoffMs } from './backoff.ts';
import { delay, delayUntilAnswer, handBack, waitWithQueue } from './job-moves.ts';
import { waitForAnswer, waitForOutage } from './outage.ts';
import { Unanswered } from './peer-call.ts';
import { parkAtOf, repeatOrPark } from './repeat-or-park.ts';
import { fail, goBack, reasonOf, rowFields } from './row-moves.ts';
import type { Step, StepRun } from './step.ts';

/**
 * Longest time that a queue is held at once. An open breaker is checked again soon, at no cost to the peer: a hold
 * until the next probe could be set just after another worker's probe has closed the breaker, and would outlast it. The
 * same applies to a paused account.
 */
const HOLD_MS_MAX = { breaker: 3_000, paused: 3_000, throttled: 60_000 } as const;
/** How soon the queue is checked again after the breaker has opened. */
const BREAKER_HOLD_MS = 1_000;
const TRY_LATER_MS = 2_000;

/** Tries of a call that fails because of the network or the peer. */
const TRIES_MAX = 8;
const REAUTHORIZE_MAX = 2;
const REAUTHORIZE_DELAY_MS = 1_000;

/** Troubles of ours: they say nothing about the row. */
const OURS: readonly ErrorCode[] = [
  'TRANSITION_REFUSED',
  'PACE_CONTENDED',
  'NOT_DURABLE_YET',
  'REDIS_NOT_DURABLE',
  'REDIS_UNREACHABLE',
  'ROW_UNREADABLE',
];
const ORDERS = [DelayedError, RateLimitError, UnrecoverableError, WaitingError];

type Verdict = (step: Step, run: StepRun, error: AppError) => Promise<never>;

/** A refusal of what the customer says also answers for the same submit whose answer was lost before. */
const refuse: Verdict = (step, run, error) =>
  fail(run, error, step.name === 'submit' && error.class === 'customer' ? { unknown: null } : {});

const VERDICTS: Record<ErrorClass, Verdict> = {
  throttled: waitForPeer,
  transient: tryAgain,
  ambiguous: sendAgain,
  reauthorize: authorizeAgain,
  account: openBreaker,
  machine: leaveToOthers,
  customer: refuse,
  unknown: refuse,
  usage: refuse,
  input: refuse,
};

/** @throws always: what BullMQ is to do with the job */
export async function judge(step: Step, run: StepRun, error: unknown): Promise<never> {
  if (error instanceof NotNow) return waitForTurn(step, run, error);
  if (run.stopping.aborted && isAbort(error)) return handBack(run);
  if (error instanceof Unanswered) return judgeSilence(step, run, error);
  if (!(error instanceof AppError) || OURS.includes(error.code)) return tryLater(run, error);
  logFailure(step, run, error);
  return VERDICTS[error.class](step, run, error);
}

function waitForTurn(step: Step, run: StepRun, notNow: NotNow): Promise<never> {
  const { reason, waitMs } = notNow;
  if (reason === 'outage' || reason === 'spent') return waitForOutage(step, run, notNow);
  return waitWithQueue(step, run, Math.min(waitMs, HOLD_MS_MAX[reason]));
}

/** A missing answer counts against the row only if the call was sent while others got answers. */
function judgeSilence(step: Step, run: StepRun, { error, standing }: Unanswered): Promise<never> {
  logFailure(step, run, error);
  if (standing.isOpen || !error.wasSent) return waitForAnswer(step, run, { error, standing });
  return VERDICTS[error.class](step, run, error);
}

/** What a step itself throws as an order to BullMQ passes; anything else is tried again without blaming the row. */
export async function tryLater(run: StepRun, error: unknown): Promise<never> {
  if (ORDERS.some((order) => error instanceof order)) throw error;
  const fields = { event: 'run_failed', ...rowFields(run), error: (error as Error).message };
  run.account.logger.warn(fields, 'retrying later');
  return delay(run, TRY_LATER_MS * (1 + run.account.random()));
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

async function waitForPeer(step: Step, run: StepRun, error: AppError): Promise<never> {
  await goBack(step, run, { add: { attempts: -1 } });
  await run.account.ledger.countThrottled(run.data.batchId);
  return waitWithQueue(step, run, await run.account.pacer.throttled(step.name, error.retryAfterMs));
}

async function openBreaker(step: Step, run: StepRun, error: AppError): Promise<never> {
  const { breaker, logger } = run.account;
  await goBack(step, run, { add: { attempts: -1 } });
  await breaker.open(error);
  const { shownCode: code, hint, requestId } = error;
  logger.error({ event: 'breaker_opened', code, requestId, hint }, 'the peer refuses the account; rows wait');
  return waitWithQueue(step, run, BREAKER_HOLD_MS);
}

async function leaveToOthers(step: Step, run: StepRun, error: AppError): Promise<never> {
  run.account.machine.hold(error);
  await goBack(step, run, { add: { attempts: -1 } });
  return handBack(run);
}

async function tryAgain(step: Step, run: StepRun, error: AppError): Promise<never> {
  const tries = run.stored.record.tries + 1;
  if (tries >= TRIES_MAX || error.code === 'DEADLINE_EXCEEDED') return fail(run, error);
  await goBack(step, run, { add: { tries: 1 }, patch: reasonOf(error) });
  return delayUntilAnswer(step.name, run, backoffMs(tries, run.account.random()));
}

async function sendAgain(step: Step, run: StepRun, error: AppError): Promise<never> {
  const parkAt = parkAtOf(run);
  const record = await goBack(step, run, { add: { ambiguous: 1 }, patch: reasonOf(error), parkAt });
  return repeatOrPark(run, record);
}

async function authorizeAgain(step: Step, run: StepRun, error: AppError): Promise<never> {
  if (run.stored.record.reauthorized >= REAUTHORIZE_MAX) return fail(run, error);
  await goBack(step, run, { add: { reauthorized: 1 }, patch: reasonOf(error) });
  return delay(run, REAUTHORIZE_DELAY_MS);
}

function logFailure(step: Step, run: StepRun, error: AppError): void {
  const { code, peerCode, requestId, httpStatus, class: errorClass } = error;
  const fields = { code, peerCode, requestId, httpStatus, class: errorClass };
  run.account.traces.tell({ code: error.shownCode });
  const level = errorClass === 'throttled' ? 'debug' : 'warn';
  run.account.logger[level](
    { event: 'call_failed', step: step.name, ...rowFields(run), ...fields },
    error.message,
  );
}
