/** The HTTP application: what it answers, without a port, so that tests can ask it directly. */
import { createHash, timingSafeEqual } from 'node:crypto';
import basicAuth from '@fastify/basic-auth';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { BOARD_PATH, createBoard } from './board.ts';
import { renderMetrics } from './metrics.ts';

const BODY_BYTES_MAX = 64 * 1024;

export interface Admin {
  user: string;
  password: string;
}

export interface AppOptions {
  onboarding: Onboarding;
  /** Who may see the pages; undefined only if the address is loopback. */
  admin: Admin | undefined;
  allowsBoardWrites: boolean;
  logger: Logger;
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { onboarding } = options;
  const loggerInstance: FastifyBaseLogger = options.logger;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
  });
  app.get('/healthz', async (_request, reply) => {
    const isReady = await onboarding.isReachable();
    return reply.code(isReady ? 200 : 503).send({ redis: isReady ? 'ok' : 'unreachable' });
  });
  app.get('/', (_request, reply) => reply.redirect(BOARD_PATH));
  await app.register((pages) => addPages(pages, options));
  return app;
}

/** What only the administrator may see. */
async function addPages(
  pages: FastifyInstance,
  { onboarding, admin, allowsBoardWrites, logger }: AppOptions,
): Promise<void> {
  if (admin) await requireAdmin(pages, admin);
  pages.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await renderMetrics(
      await onboarding.measures(),
      await onboarding.alertCounts(),
    );
    return reply.type(contentType).send(body);
  });
  const board = createBoard({ queues: await onboarding.queues(), allowsWrites: allowsBoardWrites, logger });
  await pages.register(board, { prefix: BOARD_PATH });
}

async function requireAdmin(pages: FastifyInstance, admin: Admin): Promise<void> {
  await pages.register(basicAuth, {
    authenticate: { realm: 'isv-onboarding' },
    validate: async (user, password) => {
      // Both are compared, whichever is wrong, so that timing reveals nothing.
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
