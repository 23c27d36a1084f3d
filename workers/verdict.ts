/**
 * What an error means for a row and its job. The processor says so by what it throws, in BullMQ's own words:
 *
 *   class                  row                 job
 *   throttled, breaker     one step back       RateLimitError: the whole queue waits, no attempt is used
 *   transient              one step back       DelayedError with backoff; failed after TRIES_MAX
 *   ambiguous              one step back       DelayedError, twice; then the row is parked (failed)
 *   reauthorize            one step back       DelayedError, twice; then failed
 *   account                one step back       breaker opens; RateLimitError
 *   customer, unknown      failed              UnrecoverableError
 *   process is stopping    one step back       WaitingError: handed back
 *   row moved by another   as it is            DelayedError: the next run reads what is true then
 *   not ours (Redis, bug)  as it is            DelayedError, without limit but the deadline
 */
import { DelayedError, RateLimitError, UnrecoverableError, WaitingError } from 'bullmq';
import { AppError } from '../src/errors.ts';
import type { RowRecord } from '../src/ledger/records.ts';
import type { RowPatch, Transition } from '../src/ledger/row-store.ts';
import { NotNow } from '../src/pace/pacer.ts';
import { PRIORITY } from '../src/queue/queues.ts';
import { plural } from '../src/text.ts';
import { backoffMs } from './backoff.ts';
import type { Step, StepRun } from './step.ts';

/**
 * Longest time that a queue is held in one go. An open breaker is looked at again soon, at no cost to the peer: a hold
 * until the next probe could be set just after another worker's probe has closed the breaker, and would outlast it.
 */
const HOLD_MS_MAX = { breaker: 3_000, throttled: 60_000 } as const;

const ORDERS = [DelayedError, RateLimitError, UnrecoverableError, WaitingError];
const TRY_LATER_MS = 2_000;

/** Tries of a call that fails for reasons of network or peer. */
const TRIES_MAX = 8;
/** Lost answers of one submit after which nothing more is sent. */
const AMBIGUOUS_MAX = 3;
const AMBIGUOUS_DELAY_MS = 5_000;
const REAUTHORIZE_MAX = 2;
const REAUTHORIZE_DELAY_MS = 1_000;
/** Credentials that cannot be read cost the peer nothing, so they are tried again sooner than a refusal. */
const CREDENTIALS_RETRY_MS = 10_000;

/** @throws always: what BullMQ shall do with the job */
export async function settle(step: Step, run: StepRun, error: unknown): Promise<never> {
  if (error instanceof NotNow)
    return waitWithQueue(step, run, Math.min(error.waitMs, HOLD_MS_MAX[error.reason]));
  if (run.stopping.aborted && isAbort(error)) return handBack(run);
  if (!(error instanceof AppError) || error.code === 'TRANSITION_REFUSED') return tryLater(run, error);
  log(step, run, error);
  switch (error.class) {
    case 'throttled':
      return settleThrottled(step, run, error);
    case 'account':
      return settleAccount(step, run, error);
    case 'transient':
      return settleTransient(step, run, error);
    case 'ambiguous':
      return settleAmbiguous(step, run, error);
    case 'reauthorize':
      return settleReauthorize(step, run, error);
    default:
      return fail(run, error);
  }
}

/** What a step itself throws as an order to BullMQ passes; anything else is tried again without blaming the row. */
export async function tryLater(run: StepRun, error: unknown): Promise<never> {
  if (ORDERS.some((order) => error instanceof order)) throw error;
  run.runtime.logger.warn(
    { event: 'run_failed', ...run.data, error: (error as Error).message },
    'tried again later',
  );
  return delay(run, TRY_LATER_MS * (1 + Math.random()));
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

async function settleThrottled(step: Step, run: StepRun, error: AppError): Promise<never> {
  await goBack(step, run, { attempts: -1 });
  await run.runtime.ledger.countThrottled(run.data.batchId);
  const waitMs = await run.runtime.pacer.throttled(step.operation, error.retryAfterMs);
  return waitWithQueue(step, run, waitMs);
}

async function settleAccount(step: Step, run: StepRun, error: AppError): Promise<never> {
  const { breaker, logger } = run.runtime;
  await goBack(step, run, { attempts: -1 });
  await breaker.open(error, error.code === 'CREDENTIALS_UNAVAILABLE' ? CREDENTIALS_RETRY_MS : undefined);
  const { shownCode: code, hint, requestId } = error;
  logger.error({ event: 'breaker_opened', code, requestId, hint }, 'the peer refuses the account; rows wait');
  return waitWithQueue(step, run, 1_000);
}

async function settleTransient(step: Step, run: StepRun, error: AppError): Promise<never> {
  const tries = run.stored.record.tries + 1;
  if (tries >= TRIES_MAX || error.code === 'DEADLINE_EXCEEDED') return fail(run, error);
  await goBack(step, run, { tries: 1 }, reasonOf(error));
  return delay(run, backoffMs(tries, Math.random()));
}

async function settleAmbiguous(step: Step, run: StepRun, error: AppError): Promise<never> {
  const record = await goBack(step, run, { ambiguous: 1 }, reasonOf(error));
  return repeatOrPark(run, record.ambiguous, error);
}

/** After the answer of a submit was lost: sends it again later, or leaves the row to a person. @throws always */
export async function repeatOrPark(run: StepRun, lost: number, error: AppError): Promise<never> {
  const isParked = run.runtime.config.CHATAPP_SUBMIT_AMBIGUOUS === 'park' || lost >= AMBIGUOUS_MAX;
  if (!isParked) return delay(run, AMBIGUOUS_DELAY_MS * (1 + Math.random()));
  const unknown = new AppError(
    'SUBMIT_OUTCOME_UNKNOWN',
    `${plural(lost, 'answer')} lost; the last: ${error.message}`,
    { cause: error },
  );
  return fail(run, unknown, { parked: true });
}

async function settleReauthorize(step: Step, run: StepRun, error: AppError): Promise<never> {
  if (run.stored.record.reauthorized >= REAUTHORIZE_MAX) return fail(run, error);
  await goBack(step, run, { reauthorized: 1 }, reasonOf(error));
  return delay(run, REAUTHORIZE_DELAY_MS);
}

function reasonOf(error: AppError): RowPatch {
  return { code: error.shownCode, message: error.message, hint: error.hint, class: error.class };
}

/** Takes a row whose call led to nothing back to where it was before the call. */
async function goBack(step: Step, run: StepRun, add: Transition['add'], patch: RowPatch = {}) {
  const record = await readRecord(run);
  if (record.outcome !== step.during) return record;
  return run.runtime.ledger.transition({
    ...run.data,
    to: step.before,
    add,
    patch,
    fence: fenceOf(run, record),
  });
}

async function readRecord(run: StepRun): Promise<RowRecord> {
  const stored = await run.runtime.ledger.readRow(run.data.batchId, run.data.row);
  return stored?.record ?? run.stored.record;
}

/** Ours if we hold the row; otherwise none, and the ledger refuses the move. */
function fenceOf(run: StepRun, record: RowRecord): string | undefined {
  return record.token === run.attemptToken ? run.attemptToken : undefined;
}

async function fail(run: StepRun, error: AppError, patch: RowPatch = {}): Promise<never> {
  await run.runtime.ledger.transition({
    ...run.data,
    to: 'failed',
    patch: {
      ...reasonOf(error),
      ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
      ...patch,
    },
    fence: fenceOf(run, await readRecord(run)),
  });
  const { batchId: batch, row, custSpaceId } = run.data;
  run.runtime.logger.warn(
    { event: 'row_failed', batch, row, custSpaceId, code: error.shownCode, requestId: error.requestId },
    'failed',
  );
  // The message is in the ledger; what BullMQ stores and shows is only the code.
  throw new UnrecoverableError(error.shownCode);
}

async function waitWithQueue(step: Step, run: StepRun, waitMs: number): Promise<never> {
  const queue = step.operation === 'authorize' ? run.runtime.queues.upload : run.runtime.queues.submit;
  await queue.rateLimit(Math.ceil(waitMs));
  throw new RateLimitError();
}

export async function delay(run: StepRun, delayMs: number): Promise<never> {
  // Otherwise it would come back behind everything of its priority: hours, in a large batch.
  await run.job.changePriority({ priority: PRIORITY.retry });
  await run.job.moveToDelayed(Date.now() + Math.ceil(delayMs), run.token);
  throw new DelayedError();
}

async function handBack(run: StepRun): Promise<never> {
  await run.job.moveToWait(run.token);
  throw new WaitingError();
}

function log(step: Step, run: StepRun, error: AppError): void {
  const level = error.class === 'throttled' ? 'debug' : 'warn';
  const { code, peerCode, requestId, httpStatus, class: errorClass } = error;
  const { batchId: batch, row, custSpaceId } = run.data;
  const fields = {
    event: 'call_failed',
    operation: step.operation,
    batch,
    row,
    custSpaceId,
    code,
    peerCode,
    requestId,
    httpStatus,
    class: errorClass,
  };
  run.runtime.logger[level](fields, error.message);
}
