/** A run that finds its row may not be sent: people or other rows have decided about it since. */
import { giveJobsTo } from '../src/batch/give-jobs.ts';
import { withdrawPaused } from '../src/batch/withdraw.ts';
import type { Marked } from '../src/ledger/mark-row.ts';
import { TRANSITIONS } from '../src/ledger/outcome.ts';
import type { RowRecord } from '../src/ledger/row-record.ts';
import type { StepRun } from './step.ts';

type Verdict = Exclude<Marked['verdict'], 'marked'>;

export class Obstacle extends Error {
  readonly verdict: Verdict;
  readonly promoted: Marked['promoted'];

  constructor(verdict: Verdict, { promoted }: Pick<Marked, 'promoted'>) {
    super(`The row may not be sent: ${verdict}.`);
    this.name = 'Obstacle';
    this.verdict = verdict;
    this.promoted = promoted;
  }
}

/** Ends a run whose row is not to be sent; its job is done with it. */
export async function giveWay(run: StepRun, { verdict, promoted }: Obstacle): Promise<void> {
  const { account, data, stored } = run;
  await giveJobsTo(account, promoted);
  if (verdict === 'cancelled') await cancelRow(run, stored.record);
  if (verdict === 'paused') await withdrawPaused(account, data.batchId);
}

/** A row that is still `uploading` was left that way by a worker that died. */
export async function cancelRow({ account, data }: StepRun, { outcome }: RowRecord): Promise<void> {
  if (!TRANSITIONS[outcome].includes('cancelled')) return;
  const { promoted } = await account.ledger.transition({ ...data, to: 'cancelled' });
  await giveJobsTo(account, promoted);
}
