/** Where a batch stands: what keeps it from moving, its counts, its redrives, and the state of its account. */
import type { Batch } from '../ledger/batch-record.ts';
import type { CountedRedrive } from '../ledger/redrive-record.ts';
import type { AccountView } from '../onboarding/account-view.ts';
import { type Hold, isStandstill } from '../onboarding/holds.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { type Failure, findParked, readFailures } from './failures.ts';
import { readStanding } from './held-by.ts';
import { type Progress, progressOf } from './progress.ts';
import { readRecentRate } from './rate.ts';

/** Where a batch stands, with what a person may have to do about it. */
export interface BatchStatus {
  /** What keeps its rows from moving, first things first. */
  heldBy: Hold[];
  batch: Batch;
  progress: Progress;
  /** Why rows failed, the most frequent code first. */
  failures: Failure[];
  /** Numbers of rows that a person must settle, the first of them if there are many; `batch.parked` says how many. */
  parkedRows: number[];
  /** Oldest first. */
  redrives: CountedRedrive[];
  account: AccountView;
  /** Customers per second of late; undefined while none is done. */
  recentPerSecond: number | undefined;
}

/** @throws AppError BATCH_UNKNOWN */
export async function readStatus(open: LedgerAccount, batchId: string): Promise<BatchStatus> {
  const [batch, redrives] = await Promise.all([
    open.ledger.requireBatch(batchId),
    open.ledger.listRedrives(batchId),
  ]);
  const [standing, failures, parkedRows, recentPerSecond] = await Promise.all([
    readStanding(open, batch),
    readFailures(open.ledger, batchId),
    findParked(open.ledger, batch),
    readRecentRate(open.ledger, batch, open.now()),
  ]);
  const { account, heldBy, rowsAhead, intervalMs } = standing;
  const look = { intervalMs, now: open.now(), rowsAhead, isStandstill: isStandstill(heldBy) };
  const progress = progressOf(batch, look);
  return { heldBy, batch, progress, failures, parkedRows, redrives, account, recentPerSecond };
}
