/** An account as people and dashboards see it: whether it is stopped, how fast it runs, what is waiting. */
import type { AwaitedCounts } from '../ledger/awaited.ts';
import type { OpenBreaker } from '../pace/breaker.ts';
import type { LivingWorker } from '../pace/heartbeats.ts';
import type { OpenOutage } from '../pace/outage.ts';
import type { PauseFact } from '../pace/pause.ts';
import type { PaceView } from '../pace/stored-pace.ts';
import { isPaused } from '../queue/paused.ts';
import { readUpkeepReport } from '../queue/upkeep-report.ts';
import type { PeerKind } from '../redis/keys.ts';
import { accountHolds } from './account-holds.ts';
import type { Hold } from './holds.ts';
import type { LedgerAccount } from './open-ledger.ts';

/** The account; by default the only one, or `default`. */
export interface Where {
  account?: string;
}

/** What was found for one account, with its name and what its peer is. */
export type OfAccount<View> = View & { account: string; peer: PeerKind };

/** How an account stands. */
export interface AccountView {
  /** What the account registers with. */
  peer: PeerKind;
  /** What keeps every row from moving, first things first. */
  heldBy: Hold[];
  /** The worker processes that live, whether or not they take jobs. */
  workers: LivingWorker[];
  /** Whether a person has paused the account, or it is held. */
  isPaused: boolean;
  /** Who paused it, and since when; also absent if another program has paused its queues, past the ledger. */
  pause: PauseFact | undefined;
  /** Submits whose reviews nobody has recorded yet. */
  reviews: AwaitedCounts;
  /** Rows that the last upkeep found without a job; it gave them one. */
  rowsWithoutJob: number;
  pace: PaceView[];
  /** Absent while the peer accepts the account. */
  breaker: OpenBreaker | undefined;
  /** Absent while the peer answers. */
  outage: OpenOutage | undefined;
}

export async function viewAccount(account: LedgerAccount): Promise<AccountView> {
  const { redis, pacer, settings } = account;
  const { peer, ledger } = account.account;
  const age = { now: account.now(), overdueDays: settings.reviewDays };
  const [presence, pause, areQueuesPaused, pace, breaker, outage, report, reviews] = await Promise.all([
    account.heartbeats.list(),
    account.pause.read(),
    isPaused(redis, ledger),
    pacer.readAll(),
    account.breaker.read(),
    account.outage.read(),
    readUpkeepReport(redis, ledger),
    account.ledger.countAwaited(age),
  ]);
  const stops = { isPaused: pause !== undefined || areQueuesPaused, pause, breaker, outage };
  return {
    peer,
    heldBy: accountHolds({ presence, ...stops }),
    workers: presence.workers,
    ...stops,
    reviews,
    rowsWithoutJob: report?.rowsWithoutJob ?? 0,
    pace,
  };
}

/** Says whose something is. */
export function ofAccount<View>({ account }: Pick<LedgerAccount, 'account'>, view: View): OfAccount<View> {
  return { account: account.name, peer: account.peer, ...view };
}

/** Reads the same of several accounts. */
export function ofEach<Opened extends LedgerAccount, View>(
  accounts: readonly Opened[],
  read: (account: Opened) => Promise<View>,
): Promise<OfAccount<View>[]> {
  return Promise.all(accounts.map(async (open) => ofAccount(open, await read(open))));
}
