/** What becomes of a row whose call failed: one step back, or the end. */
import { UnrecoverableError } from 'bullmq';
import { giveJobsTo } from '../src/batch/give-jobs.ts';
import type { AppError } from '../src/errors.ts';
import type { RowRecord } from '../src/ledger/row-record.ts';
import type { RowPatch, Transition } from '../src/ledger/transition.ts';
import { delay } from './job-moves.ts';
import type { Step, StepRun } from './step.ts';

/** An error as the ledger keeps it. */
export function reasonOf(error: AppError): RowPatch {
  return { code: error.shownCode, message: error.fullMessage, hint: error.hint, class: error.class };
}

/** Returns a row whose call came to nothing to the outcome it had before the call. */
export async function goBack(
  step: Step,
  run: StepRun,
  change: Pick<Transition, 'add' | 'patch' | 'parkAt'>,
): Promise<RowRecord> {
  const record = await readRecord(run);
  if (record.outcome !== step.during) return record;
  const fence = fenceOf(run, record);
  const moved = await run.account.ledger.transition({ ...run.data, to: step.before, fence, ...change });
  await giveJobsTo(run.account, moved.promoted);
  return moved.record;
}

/** Ends the row as failed. @throws always: what BullMQ is to do with the job */
export async function fail(run: StepRun, error: AppError, patch: RowPatch = {}): Promise<never> {
  const { shownCode: code, requestId } = error;
  const fence = fenceOf(run, await readRecord(run));
  const known = requestId === undefined ? {} : { requestId };
  const reason = { ...reasonOf(error), ...known, ...patch };
  const move = { ...run.data, to: 'failed', patch: reason, fence } as const;
  const { record, promoted } = await run.account.ledger.transition(move);
  await giveJobsTo(run.account, promoted);
  // An earlier submit of it has counted meanwhile: the next run finds it done.
  if (record.outcome === 'submitted') return delay(run, 0);
  run.account.logger.warn({ event: 'row_failed', ...rowFields(run), code, requestId }, 'row failed');
  // The message is in the ledger; what BullMQ stores and shows is only the code.
  throw new UnrecoverableError(code);
}

/** The row, as every line of the log names it. */
export function rowFields({ data: { batchId: batch, row, custSpaceId } }: Pick<StepRun, 'data'>) {
  return { batch, row, custSpaceId };
}

async function readRecord({ account, data, stored }: StepRun): Promise<RowRecord> {
  return (await account.ledger.readRow(data.batchId, data.row))?.record ?? stored.record;
}

/** Ours if we hold the row; otherwise none, and the ledger refuses the move. */
function fenceOf({ attemptToken }: StepRun, record: RowRecord): string | undefined {
  return record.token === attemptToken ? attemptToken : undefined;
}
