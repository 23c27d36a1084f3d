/** What a command needs: configuration, accounts, a logger, and connections that are closed when it ends. */
import { existsSync } from 'node:fs';
import { AppError } from '../errors.ts';
import type { Batch } from '../ledger/batch-record.ts';
import { createLogger, type Logger } from '../logger.ts';
import { type Account, findAccount, loadAccounts } from '../onboarding/accounts.ts';
import { type Config, loadConfig } from '../onboarding/config.ts';
import { type AccountRuntime, openRuntime } from '../onboarding/open-account.ts';
import { closeQueues } from '../queue/queues.ts';
import { connectRedis, type RedisClient } from '../redis/connect.ts';
import { assertSuitableRedis } from '../redis/suitability.ts';
import { say } from './output.ts';

export interface Settings {
  config: Config;
  accounts: Account[];
  logger: Logger;
}

/** Reads `.env` of the working directory where there is one; what is set already wins. */
export function loadSettings(): Settings {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  return { config, accounts: loadAccounts(config), logger: createLogger(config.LOG_LEVEL) };
}

export interface Session extends Settings {
  redis: RedisClient;
  runtimeOf(account?: string): AccountRuntime;
  /** Finds a batch in whichever account has it. @throws AppError BATCH_UNKNOWN */
  findBatch(batchId: string): Promise<{ runtime: AccountRuntime; batch: Batch }>;
}

/** Runs a command with a connection to Redis that is suitable for our work. */
export async function withSession<T>(run: (session: Session) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  const { config, accounts, logger } = settings;
  // A command that has begun outlives a restart of Redis; only the first contact has a limit.
  const redis = connectRedis(config.REDIS_URL, { waitsForever: true });
  const runtimes = new Map<string, AccountRuntime>();
  try {
    for (const warning of await assertSuitableRedis(redis)) say(`warning: ${warning}`);
    return await run({ ...settings, redis, runtimeOf, findBatch });
  } finally {
    await Promise.all([...runtimes.values()].map((runtime) => closeQueues(runtime.queues)));
    redis.disconnect();
  }

  function runtimeOf(name?: string): AccountRuntime {
    const account = findAccount(accounts, name);
    const runtime =
      runtimes.get(account.name) ?? openRuntime({ account, config, redis, logger, environment: process.env });
    runtimes.set(account.name, runtime);
    return runtime;
  }

  async function findBatch(batchId: string) {
    for (const account of accounts) {
      const runtime = runtimeOf(account.name);
      const batch = await runtime.ledger.readBatch(batchId);
      if (batch) return { runtime, batch };
    }
    throw new AppError('BATCH_UNKNOWN', `There is no batch ${batchId}.`);
  }
}
