/** The HTTP process: opens what the application needs, listens, and closes in order. */

import { isLoopbackHost } from '../alibaba/loopback.ts';
import { AppError } from '../errors.ts';
import { createLedger } from '../ledger/ledger.ts';
import type { Logger } from '../logger.ts';
import type { Account } from '../onboarding/accounts.ts';
import type { Config } from '../onboarding/config.ts';
import { createBreaker } from '../pace/breaker.ts';
import { closeQueues, openQueues } from '../queue/queues.ts';
import { connectRedis } from '../redis/connect.ts';
import { type Admin, buildApp } from './app.ts';

export interface ServerOptions {
  config: Config;
  accounts: readonly Account[];
  logger: Logger;
}

export interface HttpServer {
  /** `http://127.0.0.1:3000` */
  address: string;
  stop(): Promise<void>;
}

/** @throws AppError CONFIG_INVALID where the pages would be open to others without a password. */
export async function startServer({ config, accounts, logger }: ServerOptions): Promise<HttpServer> {
  const admin = adminOf(config);
  const redis = connectRedis(config.REDIS_URL, { waitsForever: false }, logger);
  const served = accounts.map((account) => ({
    account,
    queues: openQueues(redis, account.name),
    breaker: createBreaker(redis, account.name, config.ONBOARD_PROBE_SECONDS * 1000),
    ledger: createLedger(redis, account.name),
  }));
  const app = await buildApp({
    redis,
    accounts: served,
    admin,
    allowsBoardWrites: config.ONBOARD_BOARD_WRITE,
    logger,
  });

  async function stop(): Promise<void> {
    await app.close();
    await Promise.all(served.map(({ queues }) => closeQueues(queues)));
    redis.disconnect();
  }

  try {
    return { address: await app.listen({ host: config.HTTP_HOST, port: config.HTTP_PORT }), stop };
  } catch (error) {
    await stop();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new AppError('USAGE', `Port ${config.HTTP_PORT} is in use; choose another with HTTP_PORT.`, {
      cause: error,
    });
  }
}

function adminOf({
  ONBOARD_ADMIN_USER: user,
  ONBOARD_ADMIN_PASSWORD: password,
  HTTP_HOST: host,
}: Config): Admin | undefined {
  if (user !== undefined && password !== undefined) return { user, password };
  if (user !== undefined || password !== undefined || !isLoopbackHost(host))
    throw new AppError(
      'CONFIG_INVALID',
      `Set both ONBOARD_ADMIN_USER and ONBOARD_ADMIN_PASSWORD to serve on ${host}.`,
    );
  return undefined;
}
