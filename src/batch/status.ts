/** Where a batch stands: its counts, its redrives, and the state of its account. */
import type { Batch } from '../ledger/batch-record.ts';
import type { CountedRedrive } from '../ledger/redrive-record.ts';
import { type AccountView, viewAccount } from '../onboarding/account-view.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';

export interface BatchStatus {
  batch: Batch;
  /** Oldest first. */
  redrives: CountedRedrive[];
  account: AccountView;
}

/** @throws AppError BATCH_UNKNOWN */
export async function readStatus(open: LedgerAccount, batchId: string): Promise<BatchStatus> {
  const [batch, redrives, account] = await Promise.all([
    open.ledger.requireBatch(batchId),
    open.ledger.listRedrives(batchId),
    viewAccount(open),
  ]);
  return { batch, redrives, account };
}
