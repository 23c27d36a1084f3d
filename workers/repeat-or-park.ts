/** After the answer to a submit was lost: sends it again later, or leaves the decision to a person. */
import { AppError } from '../src/errors.ts';
import { plural } from '../src/text.ts';
import { delayUntilAnswer } from './job-moves.ts';
import { fail } from './row-moves.ts';
import type { StepRun } from './step.ts';

/** Number of lost answers after which a submit is not sent again. */
const LOST_MAX = 3;
const REPEAT_DELAY_MS = 5_000;

/** @param lost answers of this submit lost so far. @throws always: what BullMQ is to do with the job */
export async function repeatOrPark(run: StepRun, lost: number, error: AppError): Promise<never> {
  await parkIfLost(run, lost, error);
  return delayUntilAnswer('submit', run, REPEAT_DELAY_MS * (1 + run.account.random()));
}

/** @param lost answers of this submit lost so far. @throws UnrecoverableError if nothing more is sent for the row */
export async function parkIfLost(run: StepRun, lost: number, error: AppError): Promise<void> {
  const { settings } = run.account;
  const isParked = settings.chatApp.afterLostAnswer === 'park' || lost >= LOST_MAX;
  if (!isParked) return;
  const message = `${plural(lost, 'answer')} lost; last error: ${error.message}`;
  // In doubt, so the ledger parks it.
  await fail(run, new AppError('SUBMIT_OUTCOME_UNKNOWN', message, { cause: error }));
}
