/** Follows a batch until nothing more happens to it without a person. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../ledger/batch-record.ts';
import type { AccountView } from '../onboarding/account-view.ts';
import { HOLD_KINDS, type Hold, isStandstill } from '../onboarding/holds.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { readStanding } from './held-by.ts';
import { type Progress, progressOf, type Sample } from './progress.ts';

const LOOK_EVERY_MS = 500;
/** How long something that a person must end may last before following ends, in milliseconds: workers may just restart. */
const PATIENCE_MS = 60_000;

/** Where a batch stands at one moment. */
export interface Snapshot {
  batch: Batch;
  progress: Progress;
  /** What keeps its rows from moving, first things first. */
  heldBy: Hold[];
  /** The account of the batch, whether or not anything is left to do. */
  account: AccountView;
  /** The batch is finished, or a person must act. */
  isOver: boolean;
  /** What a person must end; undefined if the batch is finished or goes on. */
  needsPerson: Hold | undefined;
}

export interface FollowOptions {
  /** How long workers may be absent, in milliseconds. */
  patienceMs?: number;
}

/** Yields at once and then twice a second; ends after the first snapshot that is over. */
export async function* follow(
  open: LedgerAccount,
  batchId: string,
  { patienceMs = PATIENCE_MS }: FollowOptions = {},
): AsyncGenerator<Snapshot> {
  let first: Sample | undefined;
  const patience = new Patience(patienceMs);
  for (;;) {
    const batch = await open.ledger.requireBatch(batchId);
    const { account, heldBy, rowsAhead, intervalMs } = await readStanding(open, batch);
    const look = { intervalMs, now: open.now(), rowsAhead, isStandstill: isStandstill(heldBy) };
    const progress = progressOf(batch, { ...look, first });
    // The rate is measured from the first finished customer, because until then the pipeline is only filling; and again
    // after a standstill, which says nothing about the pace.
    if (look.isStandstill) first = undefined;
    else if (progress.done > 0) first ??= { at: look.now, done: progress.done };
    const needsPerson = patience.findEnd(heldBy);
    const isOver = batch.state === 'finished' || needsPerson !== undefined;
    yield { batch, progress, heldBy, account, isOver, needsPerson };
    if (isOver) return;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Tells when to stop waiting for what only a person can end. */
class Patience {
  readonly #ms: number;
  /** Since when something has needed a person, by a clock that is never set back. */
  #since: number | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  findEnd(heldBy: readonly Hold[]): Hold | undefined {
    const atOnce = heldBy.find(({ reason }) => HOLD_KINDS[reason].needsPerson === 'atOnce');
    const later = heldBy.find(({ reason }) => HOLD_KINDS[reason].needsPerson === 'later');
    if (later === undefined) this.#since = undefined;
    else this.#since ??= performance.now();
    const isOver = this.#since !== undefined && performance.now() - this.#since >= this.#ms;
    return isOver ? later : atOnce;
  }
}
