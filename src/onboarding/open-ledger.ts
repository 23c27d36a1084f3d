/** What is enough to look at an account: everything that Redis holds of it but its queues. */
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../logger.ts';
import { type Breaker, createBreaker } from '../pace/breaker.ts';
import { createPacer, type Pacer } from '../pace/pacer.ts';
import { createPause, type Pause } from '../pace/pause.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Account } from './accounts.ts';
import type { Settings } from './settings.ts';

const MS_PER_SECOND = 1_000;

export interface LedgerAccount {
  account: Account;
  settings: Settings;
  ledger: Ledger;
  pacer: Pacer;
  breaker: Breaker;
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
}

export function openLedger(options: OpenAccountOptions): LedgerAccount {
  const { account, settings, redis, logger, now = Date.now } = options;
  const { name, rate } = account;
  const probeEveryMs = probeEveryMsOf(settings);
  const { guardMs } = settings.pace;
  return {
    account,
    settings,
    ledger: createLedger(redis, name, now),
    pacer: createPacer(redis, { account: name, rate, guardMs, probeEveryMs }),
    breaker: createBreaker(redis, { account: name, probeEveryMs }),
    pause: createPause(redis, name),
    redis,
    logger: logger.child({ account: name }),
    now,
  };
}

export function probeEveryMsOf({ pace }: Settings): number {
  return pace.probeSeconds * MS_PER_SECOND;
}
