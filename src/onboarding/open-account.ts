/** What Redis holds of one account: opened together, passed on explicitly, closed together. */
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import type { Logger } from '../logger.ts';
import { type Breaker, createBreaker } from '../pace/breaker.ts';
import { createPacer, type Pacer } from '../pace/pacer.ts';
import { type AccountQueues, closeQueues, liftRateLimits, openQueues } from '../queue/queues.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Account } from './accounts.ts';
import type { Settings } from './settings.ts';

const MS_PER_SECOND = 1_000;

export interface OpenAccount {
  account: Account;
  settings: Settings;
  ledger: Ledger;
  pacer: Pacer;
  breaker: Breaker;
  queues: AccountQueues;
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

export function openAccount({
  account,
  settings,
  redis,
  logger: parent,
  now = Date.now,
}: OpenAccountOptions): OpenAccount {
  const logger = parent.child({ account: account.name });
  const queues = openQueues(redis, account.name);
  const probeEveryMs = settings.pace.probeSeconds * MS_PER_SECOND;
  const { guardMs } = settings.pace;
  return {
    account,
    settings,
    ledger: createLedger(redis, account.name, now),
    pacer: createPacer(redis, { account: account.name, rate: account.rate, guardMs, probeEveryMs }),
    breaker: createBreaker(redis, { account: account.name, probeEveryMs, onClosed: goOn }),
    queues,
    logger,
    now,
  };

  async function goOn(): Promise<void> {
    logger.info({ event: 'breaker_closed' }, 'the account is accepted again');
    await liftRateLimits(queues);
  }
}

export async function closeAccount({ queues }: Pick<OpenAccount, 'queues'>): Promise<void> {
  await closeQueues(queues);
}
