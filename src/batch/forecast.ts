/** How long rows would take that are not registered yet: at the pace of their account, and after what goes first. */
import { viewAccount } from '../onboarding/account-view.ts';
import { isStandstill } from '../onboarding/holds.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { countAsUrgent } from '../queue/ahead.ts';
import { PRIORITY } from '../queue/priority.ts';

const MS_PER_SECOND = 1_000;

/** How many rows, and how urgent. */
export interface ForecastOrder {
  rows: number;
  /** From 2 to 1,000,000; lower goes first. 100 by default. */
  priority?: number | undefined;
}

/** How long rows would take. */
export interface Forecast {
  /** Until all of them are done, if they are registered now; undefined while nothing moves. */
  etaSeconds: number | undefined;
}

export async function forecast(
  open: LedgerAccount,
  { rows, priority = PRIORITY.normal }: ForecastOrder,
): Promise<Forecast> {
  const access = { redis: open.redis, account: open.account.ledger };
  const [{ heldBy }, intervalMs, ...ahead] = await Promise.all([
    viewAccount(open),
    open.pacer.slowestIntervalMs(),
    countAsUrgent(access, 'upload', { priority }),
    countAsUrgent(access, 'submit', { priority }),
  ]);
  const before = ahead.reduce((sum, each) => sum + each, 0);
  return { etaSeconds: isStandstill(heldBy) ? undefined : ((before + rows) * intervalMs) / MS_PER_SECOND };
}
