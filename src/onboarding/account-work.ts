/** An account together with the work that is left to do for it. */
import { countActive } from '../ledger/outcome.ts';
import { etaOf } from './account-measures.ts';
import { type AccountView, viewAccount } from './account-view.ts';
import { isStandstill } from './holds.ts';
import type { LedgerAccount } from './open-ledger.ts';

/** How an account stands, with the work that is left. */
export interface AccountWork extends AccountView {
  /** Rows to which something still happens. */
  rowsLeft: number;
  /** Seconds until every row is done at the current pace; undefined while nothing moves. */
  etaSeconds: number | undefined;
}

export async function viewWork(open: LedgerAccount): Promise<AccountWork> {
  const [view, unfinished, intervalMs] = await Promise.all([
    viewAccount(open),
    open.ledger.listUnfinished(),
    open.pacer.slowestIntervalMs(),
  ]);
  const rowsLeft = unfinished.reduce((sum, { counts }) => sum + countActive(counts), 0);
  const eta = isStandstill(view.heldBy) ? undefined : etaOf(unfinished, { intervalMs, now: open.now() });
  return { ...view, rowsLeft, etaSeconds: eta };
}
