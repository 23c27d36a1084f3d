/** Where a batch stands: what keeps it from moving, its counts, its redrives, and the state of its account. */
import type { Batch } from '../ledger/batch-record.ts';
import type { CountedRedrive } from '../ledger/redrive-record.ts';
import type { AccountView } from '../onboarding/account-view.ts';
import type { Hold } from '../onboarding/holds.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { readStanding } from './held-by.ts';

export interface BatchStatus {
  /** What keeps its rows from moving, first things first. */
  heldBy: Hold[];
  batch: Batch;
  /** Oldest first. */
  redrives: CountedRedrive[];
  account: AccountView;
}

/** @throws AppError BATCH_UNKNOWN */
export async function readStatus(open: LedgerAccount, batchId: string): Promise<BatchStatus> {
  const [batch, redrives] = await Promise.all([
    open.ledger.requireBatch(batchId),
    open.ledger.listRedrives(batchId),
  ]);
  const { account, heldBy } = await readStanding(open, batch);
  return { heldBy, batch, redrives, account };
}
