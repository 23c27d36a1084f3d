/** Enough to look at an account: everything that Redis holds of it except its queues. */
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../logger.ts';
import { type Breaker, createBreaker } from '../pace/breaker.ts';
import type { CongestionWindow } from '../pace/congestion.ts';
import { Deadline } from '../pace/deadline.ts';
import { Heartbeats, type HeartbeatTiming } from '../pace/heartbeats.ts';
import { Outage, type OutageTiming } from '../pace/outage.ts';
import { createPacer, type Lateness, type Pacer } from '../pace/pacer.ts';
import { createPause, type Pause } from '../pace/pause.ts';
import { queueKeys } from '../queue/paused.ts';
import type { RedisClient } from '../redis/connect.ts';
import { Durable } from '../redis/durable.ts';
import type { Account } from './accounts.ts';
import type { Settings } from './settings.ts';
import { ownVersion } from './version.ts';

const MS_PER_SECOND = 1_000;
/** Beyond the calls of a turn to find out whether an outage is over: waiting for the pacer, mostly. */
const TURN_MARGIN_MS = 10_000;
const LATE = 'calls come too late for their slots: this process is slow, or far from Redis';

export interface LedgerAccount {
  account: Account;
  settings: Settings;
  ledger: Ledger;
  pacer: Pacer;
  breaker: Breaker;
  outage: Outage;
  deadline: Deadline;
  pause: Pause;
  heartbeats: Heartbeats;
  redis: RedisClient;
  /** Waits until what was written through `redis` cannot be forgotten. */
  durable: Durable;
  logger: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface OpenAccountOptions {
  account: Account;
  settings: Settings;
  redis: RedisClient;
  /** Shared by all accounts on this connection, so that they share its waits; by default this account has its own. */
  durable?: Durable;
  /** Of all accounts of this process; by default this account has its own. */
  congestion?: CongestionWindow;
  logger: Logger;
  now?: () => number;
  /** Outage timing that differs from the defaults. */
  outageTiming?: Partial<OutageTiming>;
  /** Names this process in its heartbeats; by default a new name for each account. */
  processId?: string;
  /** Timing of heartbeats that differs from the defaults. */
  heartbeatTiming?: Partial<HeartbeatTiming>;
}

export function openLedger(options: OpenAccountOptions): LedgerAccount {
  const { account, settings, redis, logger, now = Date.now, processId, heartbeatTiming: timing } = options;
  const { name, ledger, rate } = account;
  const probeEveryMs = probeEveryMsOf(settings);
  const { guardMs } = settings.pace;
  const { durable = new Durable(redis), congestion } = options;
  const turnMs = 2 * settings.chatApp.timeoutMs + settings.oss.timeoutMs + TURN_MARGIN_MS;
  const log = logger.child({ account: name });
  const onLate = rarely(TROUBLE_EVERY_MS, (lateness: Lateness) =>
    log.warn({ event: 'slots_missed', ...rounded(lateness) }, LATE),
  );
  return {
    account,
    settings,
    ledger: createLedger(redis, ledger),
    pacer: createPacer(redis, { account: ledger, rate, guardMs, probeEveryMs, turnMs, congestion, onLate }),
    breaker: createBreaker(redis, { account: ledger, probeEveryMs }),
    outage: new Outage(redis, { account: ledger, rate }),
    deadline: new Deadline(redis, ledger),
    pause: createPause(redis, ledger, queueKeys(ledger)),
    heartbeats: new Heartbeats(redis, { account: ledger, processId, version: ownVersion(), timing }),
    redis,
    durable,
    logger: log,
    now,
  };
}

function rounded(lateness: Lateness) {
  return Object.fromEntries(Object.entries(lateness).map(([name, ms]) => [name, Math.round(ms * 10) / 10]));
}

export function probeEveryMsOf({ pace }: Settings): number {
  return pace.probeSeconds * MS_PER_SECOND;
}
