/** A run that finds its row may not be sent: people or other rows have decided about it since. */
import { giveJobsTo } from '../src/batch/give-jobs.ts';
import { withdrawPaused } from '../src/batch/withdraw.ts';
import type { Marked } from '../src/ledger/mark-row.ts';
import { TRANSITIONS } from '../src/ledger/outcome.ts';
import type { RowRecord } from '../src/ledger/row-record.ts';
import { delay } from './job-moves.ts';
import type { StepRun } from './step.ts';

/** So that a delayed row does not come a moment too early again, in milliseconds. */
const LATER_MARGIN_MS = 50;

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
  if (verdict === 'later') await waitUntilDue(run);
}

/** The clock of Redis decides, not that of whoever added the job. @throws DelayedError unless it is time by now */
async function waitUntilDue(run: StepRun): Promise<void> {
  const { account, data, stored } = run;
  const batch = await account.ledger.readBatch(data.batchId);
  const { redrive, notBefore } = stored.record;
  const due = redrive === undefined ? batch?.notBefore : notBefore;
  await delay(run, Math.max((due ?? 0) - stored.now, 0) + LATER_MARGIN_MS);
}

/** A row that is still `uploading` was left that way by a worker that died. */
export async function cancelRow({ account, data }: StepRun, { outcome }: RowRecord): Promise<void> {
  if (!TRANSITIONS[outcome].includes('cancelled')) return;
  const { promoted } = await account.ledger.transition({ ...data, to: 'cancelled' });
  await giveJobsTo(account, promoted);
}
