/** The HTTP application: what it answers, without a port, so that tests can ask it directly. */

import { createHash, timingSafeEqual } from 'node:crypto';
import basicAuth from '@fastify/basic-auth';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from '../logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import { BOARD_PATH, createBoard } from './board.ts';
import { readMetrics, type ServedAccount } from './metrics.ts';

const BODY_BYTES_MAX = 64 * 1024;

export interface Admin {
  user: string;
  password: string;
}

export interface AppOptions {
  redis: RedisClient;
  accounts: readonly ServedAccount[];
  /** Who may see the pages; undefined only where the address is loopback. */
  admin: Admin | undefined;
  allowsBoardWrites: boolean;
  logger: Logger;
}

export async function buildApp({
  redis,
  accounts,
  admin,
  allowsBoardWrites,
  logger,
}: AppOptions): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = logger;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
  });

  app.get('/healthz', async (_request, reply) => {
    const isReady = await redis.ping().then(
      () => true,
      () => false,
    );
    return reply.code(isReady ? 200 : 503).send({ redis: isReady ? 'ok' : 'unreachable' });
  });
  app.get('/', (_request, reply) => reply.redirect(BOARD_PATH));

  await app.register(async (pages) => {
    if (admin) await requireAdmin(pages, admin);
    pages.get('/metrics', async (_request, reply) => {
      const { contentType, body } = await readMetrics(accounts);
      return reply.type(contentType).send(body);
    });
    const queues = accounts.map((account) => account.queues);
    await pages.register(createBoard({ queues, allowsWrites: allowsBoardWrites, logger }), {
      prefix: BOARD_PATH,
    });
  });
  return app;
}

async function requireAdmin(pages: FastifyInstance, admin: Admin): Promise<void> {
  await pages.register(basicAuth, {
    authenticate: { realm: 'isv-onboarding' },
    validate: async (user, password) => {
      // Both are compared, whichever is wrong, so that the time tells nothing.
      const isUser = isSame(user, admin.user);
      const isPassword = isSame(password, admin.password);
      if (!(isUser && isPassword)) throw new Error('Unauthorized');
    },
  });
  pages.addHook('onRequest', pages.basicAuth);
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
