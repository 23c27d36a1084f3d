/** The HTTP application: what it answers, without a port, so that tests can ask it directly. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { Users } from '../onboarding/users.ts';
import { addAccess } from './access.ts';
import { addApi } from './api.ts';
import { addBoard } from './board.ts';
import { limitBodyTime } from './body-time.ts';
import { closeUnasked } from './close-unasked.ts';
import { addConsole } from './console.ts';
import { sendFailure } from './failures.ts';
import { addForms } from './form/routes.ts';
import { addSecurityHeaders } from './headers.ts';
import {
  addKooGallery,
  HEAD_BYTES_MAX,
  isCall,
  type KooGalleryRoutes,
  refuser,
} from './koogallery/routes.ts';
import { addLogin } from './login.ts';
import { addMetrics } from './metrics-route.ts';
import { addProbes } from './probes.ts';
import { countRequests, processRegistry } from './process-metrics.ts';
import { addCookies, Sessions } from './session.ts';

const BODY_BYTES_MAX = 64 * 1024;
/** Of a request that is no upload. */
const BODY_MS_MAX = 60_000;
const UPLOAD_MS_MAX = 16 * 60_000;

export interface AppOptions {
  onboarding: Onboarding;
  logger: Logger;
  /** Milliseconds since 1970, for how long a session lasts. */
  now?: () => number;
  /** Where the console was built; by default in this package. */
  consoleFolder?: string;
  /** Where the form of buyers was built; by default in this package. */
  formFolder?: string;
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { http } = options.onboarding.settings;
  const loggerInstance: FastifyBaseLogger = options.logger;
  const marketplace = await openMarketplace(options.onboarding);
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    // Fastify would wait for ever for the rest of a request. Uploads take longest, and have limits of their own.
    requestTimeout: UPLOAD_MS_MAX,
    // The queues wait for Redis, which may be away for long: that has its own limits.
    pluginTimeout: 0,
    http: marketplace ? { maxHeaderSize: HEAD_BYTES_MAX } : {},
    frameworkErrors: failing(marketplace),
    trustProxy: http.trustedProxies.length > 0 ? http.trustedProxies : false,
  });
  try {
    await addAll(app, options, marketplace);
  } catch (error) {
    // What was added before may have begun something that goes on by itself.
    await app.close();
    throw error;
  }
  return app;
}

async function addAll(
  app: FastifyInstance,
  options: AppOptions,
  marketplace: KooGalleryRoutes | undefined,
): Promise<void> {
  closeUnasked(app);
  limitBodyTime(app, BODY_MS_MAX);
  const requests = countRequests(app);
  await addMarketplace(app, options, marketplace);
  const login = await guard(app, options);
  await app.register(
    async (pages) => {
      if (login !== undefined) await addLogin(pages, login);
      await addPages(pages, options, requests);
    },
    { prefix: options.onboarding.settings.http.basePath },
  );
}

/** The marketplace of Huawei Cloud, where it is configured. */
async function openMarketplace(onboarding: Onboarding): Promise<KooGalleryRoutes | undefined> {
  const { koogallery, http } = onboarding.settings;
  if (koogallery.channels.length === 0) return undefined;
  const receivers = await (await onboarding.koogallery()).receive();
  return { receivers, basePath: http.basePath };
}

/** The marketplace and its buyers: they know no login, so they come before what asks for one. */
async function addMarketplace(
  app: FastifyInstance,
  { onboarding, logger, formFolder }: AppOptions,
  marketplace: KooGalleryRoutes | undefined,
): Promise<void> {
  if (marketplace === undefined) return;
  await addKooGallery(app, marketplace);
  const { http } = onboarding.settings;
  const serving = { ...http, uploadsFolder: http.draftsFolder, pageFolder: formFolder, logger };
  await addForms(app, { ...serving, forms: await (await onboarding.koogallery()).forms() });
}

/** Answers what is no request to Fastify: the marketplace wants a signature there too. */
function failing(marketplace: KooGalleryRoutes | undefined) {
  if (marketplace === undefined)
    return (...failure: Parameters<typeof sendFailure>) => void sendFailure(...failure);
  const refuse = refuser(marketplace);
  return (...failure: Parameters<typeof sendFailure>): void => {
    const [error, request, reply] = failure;
    if (isCall(request.url, marketplace)) void refuse(request, reply, error);
    else sendFailure(...failure);
  };
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

async function addPages(
  pages: FastifyInstance,
  { onboarding, logger, consoleFolder, now = Date.now }: AppOptions,
  requests: Registry,
): Promise<void> {
  const { basePath, allowsBoardWrites, usersFile } = onboarding.settings.http;
  addProbes(pages, async () => {
    const isReady = await onboarding.isReachable();
    return { isReady, redis: isReady ? 'ok' : 'unreachable' };
  });
  await addConsole(pages, { basePath, logger, ...(consoleFolder && { folder: consoleFolder }) });
  await addApi(pages, { onboarding, logger, now });
  addMetrics(pages, { onboarding, logger, more: [requests, processRegistry()] });
  await addBoard(pages, {
    onboarding,
    allowsWrites: allowsBoardWrites,
    basePath,
    hasLogin: usersFile !== undefined,
    logger,
  });
}
