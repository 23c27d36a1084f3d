/** Enough to look at an account: everything that Redis holds of it except its queues. */
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../logger.ts';
import { type Breaker, createBreaker } from '../pace/breaker.ts';
import { Deadline } from '../pace/deadline.ts';
import { Outage, type OutageTiming } from '../pace/outage.ts';
import { createPacer, type Lateness, type Pacer } from '../pace/pacer.ts';
import { createPause, type Pause } from '../pace/pause.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Account } from './accounts.ts';
import type { Settings } from './settings.ts';

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
  redis: RedisClient;
  logger: Logger;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface OpenAccountOptions {
  account: Account;
  settings: Settings;
  redis: RedisClient;
  logger: Logger;
  now?: () => number;
  /** Outage timing that differs from the defaults. */
  outageTiming?: Partial<OutageTiming>;
}

export function openLedger(options: OpenAccountOptions): LedgerAccount {
  const { account, settings, redis, logger, now = Date.now } = options;
  const { name, rate } = account;
  const probeEveryMs = probeEveryMsOf(settings);
  const { guardMs } = settings.pace;
  const turnMs = 2 * settings.chatApp.timeoutMs + settings.oss.timeoutMs + TURN_MARGIN_MS;
  const log = logger.child({ account: name });
  const onLate = rarely(TROUBLE_EVERY_MS, (lateness: Lateness) =>
    log.warn({ event: 'slots_missed', ...rounded(lateness) }, LATE),
  );
  return {
    account,
    settings,
    ledger: createLedger(redis, name, now),
    pacer: createPacer(redis, { account: name, rate, guardMs, probeEveryMs, turnMs, onLate }),
    breaker: createBreaker(redis, { account: name, probeEveryMs }),
    outage: new Outage(redis, { account: name }),
    deadline: new Deadline(redis, name),
    pause: createPause(redis, name),
    redis,
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
