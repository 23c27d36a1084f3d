/** After the answer to a submit was lost: sends it again later, or leaves the decision to a person. */
import { UnrecoverableError } from 'bullmq';
import type { RowRecord } from '../src/ledger/row-record.ts';
import { delayUntilAnswer } from './job-moves.ts';
import { rowFields } from './row-moves.ts';
import type { StepRun } from './step.ts';

/** Number of lost answers after which a submit is not sent again. */
const LOST_MAX = 3;
const REPEAT_DELAY_MS = 5_000;

/** With so many lost answers the ledger parks the row, in the step in which it notes the last of them. */
export function parkAtOf({ account }: StepRun): number {
  return account.settings.chatApp.afterLostAnswer === 'park' ? 1 : LOST_MAX;
}

/** @param record of the row, after the lost answer was noted. @throws always: what BullMQ is to do with the job */
export async function repeatOrPark(run: StepRun, record: RowRecord): Promise<never> {
  endIfParked(run, record);
  return delayUntilAnswer('submit', run, REPEAT_DELAY_MS * (1 + run.account.random()));
}

/** @throws UnrecoverableError if nothing more is sent for the row */
export function endIfParked(run: StepRun, { outcome, code = '' }: RowRecord): void {
  if (outcome !== 'failed') return;
  run.account.logger.warn({ event: 'row_failed', ...rowFields(run), code }, 'row parked');
  throw new UnrecoverableError(code);
}
