/** The HTTP application: what it answers, without a port, so that tests can ask it directly. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { Users } from '../onboarding/users.ts';
import { addAccess } from './access.ts';
import { addBoard, BOARD_PATH } from './board.ts';
import { addSecurityHeaders } from './headers.ts';
import { addLogin } from './login.ts';
import { renderMetrics } from './metrics.ts';
import { addCookies, Sessions } from './session.ts';

const BODY_BYTES_MAX = 64 * 1024;

export interface AppOptions {
  onboarding: Onboarding;
  logger: Logger;
  /** Milliseconds since 1970, for how long a session lasts. */
  now?: () => number;
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { http } = options.onboarding.settings;
  const loggerInstance: FastifyBaseLogger = options.logger;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: http.trustedProxies.length > 0 ? http.trustedProxies : false,
  });
  const login = await guard(app, options);
  await app.register(
    async (pages) => {
      if (login !== undefined) await addLogin(pages, login);
      await addPages(pages, options);
    },
    { prefix: http.basePath },
  );
  return app;
}

/** @returns what logging in needs; undefined if there is no file of users */
async function guard(app: FastifyInstance, { onboarding, logger, now = Date.now }: AppOptions) {
  const settings = onboarding.settings.http;
  const { usersFile, basePath } = settings;
  const users = usersFile === undefined ? undefined : new Users(usersFile, logger);
  const sessions = users && new Sessions({ settings, users, now });
  await addSecurityHeaders(app);
  await addCookies(app, settings);
  addAccess(app, {
    settings,
    sessions,
    apiKeys: () => onboarding.apiKeys(),
    loginPath: `${basePath}/login`,
  });
  return users && sessions && { users, sessions, basePath, logger };
}

async function addPages(pages: FastifyInstance, { onboarding, logger }: AppOptions): Promise<void> {
  const { basePath, allowsBoardWrites, usersFile } = onboarding.settings.http;
  pages.get('/healthz', { config: { role: 'probe' } }, async (_request, reply) => {
    const isReady = await onboarding.isReachable();
    return reply.code(isReady ? 200 : 503).send({ redis: isReady ? 'ok' : 'unreachable' });
  });
  pages.get('/', { config: { role: 'viewer' } }, (_request, reply) =>
    reply.redirect(`${basePath}${BOARD_PATH}`),
  );
  pages.get('/metrics', { config: { role: 'viewer' } }, async (_request, reply) => {
    const { contentType, body } = await renderMetrics(await onboarding.measures());
    return reply.type(contentType).send(body);
  });
  await addBoard(pages, {
    queues: await onboarding.queues(),
    allowsWrites: allowsBoardWrites,
    basePath,
    hasLogin: usersFile !== undefined,
    logger,
  });
}
