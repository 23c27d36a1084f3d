/** What keeps every row of an account from moving. Pure. */
import { ERROR_CODES } from '../error-codes.ts';
import type { OpenBreaker } from '../pace/breaker.ts';
import { type Presence, WORKING } from '../pace/heartbeats.ts';
import type { OpenOutage } from '../pace/outage.ts';
import type { PauseFact } from '../pace/pause.ts';
import { type Hold, type HoldReason, sortHolds } from './holds.ts';

/** The reasons that apply to an account as a whole. */
export const ACCOUNT_HOLD_REASONS = [
  'noWorker',
  'workersInTrouble',
  'ledgerWentBack',
  'ledgerEmpty',
  'accountPaused',
  'breaker',
  'outage',
] as const satisfies readonly HoldReason[];

export interface AccountFacts {
  presence: Presence;
  isPaused: boolean;
  pause: PauseFact | undefined;
  breaker: OpenBreaker | undefined;
  outage: OpenOutage | undefined;
}

/** First things first. */
export function accountHolds({ presence, isPaused, pause, breaker, outage }: AccountFacts): Hold[] {
  return sortHolds([
    ...workerHolds(presence),
    ...(isPaused ? [pauseHold(pause)] : []),
    ...(breaker ? [breakerHold(breaker)] : []),
    ...(outage ? [outageHold(outage)] : []),
  ]);
}

function workerHolds({ workers, lastSeen }: Presence): Hold[] {
  if (workers.length === 0)
    return [{ reason: 'noWorker', since: lastSeen, hint: 'Start a worker: `onboard worker`.' }];
  if (workers.some(({ state }) => state === WORKING)) return [];
  return [
    {
      reason: 'workersInTrouble',
      since: Math.max(...workers.map(({ stateSince }) => stateSince)),
      workers: workers.map(({ host, pid, state }) => ({ host, pid, state })),
      hint: 'A worker continues by itself when its trouble is over; its log says more.',
    },
  ];
}

function pauseHold(pause: PauseFact | undefined): Hold<'ledgerWentBack' | 'ledgerEmpty' | 'accountPaused'> {
  // While a recovery of such a loss is under way, or has died, it is the same loss.
  if (pause?.why === 'LEDGER_EMPTY' || pause?.lastAt !== undefined) {
    const { at: since, lastAt } = pause;
    const { hint } = ERROR_CODES.LEDGER_EMPTY;
    return { reason: 'ledgerEmpty', since, ...(lastAt === undefined ? {} : { lastAt }), hint };
  }
  if (pause?.why !== undefined)
    return {
      reason: 'ledgerWentBack',
      since: pause.at,
      hint: ERROR_CODES.LEDGER_WENT_BACK.hint,
    };
  return { reason: 'accountPaused', since: pause?.at, by: pause?.by, hint: 'To continue: `onboard resume`.' };
}

function breakerHold({ since, code, message, hint }: OpenBreaker): Hold<'breaker'> {
  return { reason: 'breaker', since, code, message, hint };
}

function outageHold({ since, operation, code, message }: OpenOutage): Hold<'outage'> {
  const hint = 'Nothing to do: sending resumes by itself.';
  return { reason: 'outage', since, operation, code, message, hint };
}
