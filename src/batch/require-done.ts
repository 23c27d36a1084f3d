/** Makes an error of a change that the ledger refused. */
import { AppError } from '../errors.ts';
import type { FactsChanged } from '../ledger/change-facts.ts';

const OBSTACLES: Record<string, string> = {
  finished: 'is finished',
  cancelled: 'was cancelled',
  cancelling: 'is being cancelled; wait until its calls in progress have ended',
  paused: 'is paused already',
  enqueuing: 'is still being enqueued; wait until all of its rows are there',
  running: 'is not paused',
  purging: 'is being purged',
};

/** @throws AppError BATCH_UNKNOWN, BATCH_STATE */
export function requireDone(batchId: string, { verdict }: Pick<FactsChanged, 'verdict'>): void {
  if (verdict === 'done') return;
  if (verdict === 'gone') throw new AppError('BATCH_UNKNOWN', `There is no batch ${batchId}, or no longer.`);
  throw new AppError('BATCH_STATE', `Batch ${batchId} ${OBSTACLES[verdict] ?? `is ${verdict}`}.`);
}
