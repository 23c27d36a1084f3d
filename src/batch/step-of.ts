/** Which step a row waits for. */
import type { Outcome } from '../ledger/outcome.ts';
import type { StepName } from '../redis/keys.ts';

const STEP_OF: Partial<Record<Outcome, StepName>> = {
  pending: 'upload',
  uploading: 'upload',
  uploaded: 'submit',
  submitting: 'submit',
};

/** @returns undefined if nothing more happens to the row */
export function stepOf(outcome: Outcome): StepName | undefined {
  return STEP_OF[outcome];
}
