/** What can keep rows from moving: a closed list. Pure. */

import type { OpenBreaker } from '../pace/breaker.ts';
import type { LivingWorker } from '../pace/heartbeats.ts';
import type { OpenOutage } from '../pace/outage.ts';

/** What each reason says. Times are milliseconds since 1970. */
interface HoldDetails {
  /** `since` is absent if no worker has ever been there. */
  noWorker: { since?: number };
  /** There are workers, and each has a reason to take no jobs. `since`: for all of them. */
  workersInTrouble: { since: number; workers: Pick<LivingWorker, 'host' | 'pid' | 'state'>[] };
  /** A backup of Redis was put back, and what was sent since is not on record; or a recovery from that has not ended. */
  ledgerWentBack: { since: number };
  /** By a person; both are absent if another program has paused the queues, past the ledger. */
  accountPaused: { since?: number; by?: string };
  /** `by` a person, or `why`: the code of the refusals in a row. */
  batchPaused: { by?: string; why?: string };
  breaker: Pick<OpenBreaker, 'since' | 'code' | 'message'>;
  outage: Pick<OpenOutage, 'since' | 'operation' | 'code' | 'message'>;
  /** The batch starts later. */
  notBefore: { until: number };
  /** Rows of other batches that are sent first, and how long they take at the current pace. */
  batchesAhead: { rows: number; seconds: number };
  /** Rows whose customers other batches are sending. */
  rowsWait: { rows: number };
  /** All that is left waits for customers of batches that are paused. */
  leadsPaused: { rows: number; batches: string[] };
}
/** The closed list of what keeps rows from moving. */
export type HoldReason = keyof HoldDetails;

/** `hint`: what to do. */
export type Hold<Reason extends HoldReason = HoldReason> = {
  [Each in Reason]: { reason: Each; hint: string } & HoldDetails[Each];
}[Reason];

interface HoldKind {
  /** No row moves at all, so nobody knows for how long. */
  isStandstill: boolean;
  /** Only a person can end it: at once, or if it does not pass within a minute. */
  needsPerson: false | 'atOnce' | 'later';
}

/** First things first. */
export const HOLD_KINDS: Readonly<Record<HoldReason, HoldKind>> = {
  noWorker: { isStandstill: true, needsPerson: 'later' },
  workersInTrouble: { isStandstill: true, needsPerson: false },
  ledgerWentBack: { isStandstill: true, needsPerson: 'atOnce' },
  accountPaused: { isStandstill: true, needsPerson: 'atOnce' },
  batchPaused: { isStandstill: true, needsPerson: 'atOnce' },
  // Workers let another batch go first where nothing has been sent yet.
  leadsPaused: { isStandstill: true, needsPerson: 'later' },
  breaker: { isStandstill: true, needsPerson: 'atOnce' },
  outage: { isStandstill: true, needsPerson: false },
  notBefore: { isStandstill: false, needsPerson: false },
  batchesAhead: { isStandstill: false, needsPerson: false },
  rowsWait: { isStandstill: false, needsPerson: false },
};

const ORDER = Object.keys(HOLD_KINDS);

/** First things first. */
export function sortHolds(holds: readonly Hold[]): Hold[] {
  return [...holds].sort((a, b) => ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason));
}

export function isStandstill(holds: readonly Hold[]): boolean {
  return holds.some(({ reason }) => HOLD_KINDS[reason].isStandstill);
}
