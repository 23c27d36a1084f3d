/** The receiver as a process of its own: the marketplace and whoever supervises it, and no pages. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { warnOfUploads } from '../../draft/uploads-folder.ts';
import { AppError } from '../../errors.ts';
import type { Onboarding } from '../../index.ts';
import type { Logger } from '../../logger.ts';
import { untilSignal } from '../../onboarding/until-signal.ts';
import { limitBodyTime } from '../body-time.ts';
import { closeUnasked } from '../close-unasked.ts';
import { addForms } from '../form/routes.ts';
import { listenOn } from '../listening.ts';
import { addProbes } from '../probes.ts';
import { addKooGallery, HEAD_BYTES_MAX, type KooGalleryRoutes, refuser } from './routes.ts';

/** Calls take two seconds at most; of a form, whoever sent it is not told, and sends it again. */
const GRACE_SECONDS = 5;
/** For the headers of a request to arrive. */
const HEAD_MS_MAX = 10_000;
/** For all of it. Bodies have limits of their own: two seconds for a call, two minutes for a form. */
const REQUEST_MS_MAX = 150_000;
/** Of any other request. */
const BODY_MS_MAX = 10_000;
const CHOOSING = { host: 'with HTTP_HOST', port: 'with HTTP_PORT' };

export interface KooGalleryServing {
  onboarding: Onboarding;
  logger: Logger;
  allowsDataLoss: boolean;
}

/**
 * Serves until the process is told to stop, and then answers the calls that have come.
 * @returns the address below which the channels are
 * @throws AppError CONFIG_INVALID if there is no channel; REDIS_NOT_DURABLE; USAGE if the port is taken
 */
export async function serveKooGallery(options: KooGalleryServing): Promise<{ address: string }> {
  const { onboarding, logger } = options;
  const { host, port, basePath, draftsFolder } = onboarding.settings.http;
  const app = await build(options).catch(async (error: unknown) => {
    await onboarding.close();
    throw error;
  });
  const stop = async () => {
    await app.close();
    await onboarding.close();
  };
  try {
    await warnOfUploads(draftsFolder, logger);
    const address = await listenOn(app, { host, port }, CHOOSING);
    untilSignal(stop, { graceSeconds: GRACE_SECONDS, logger });
    return { address: `${address}${basePath}/koogallery/` };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build({ onboarding, logger, allowsDataLoss }: KooGalleryServing): Promise<FastifyInstance> {
  const koogallery = await onboarding.koogallery();
  if (koogallery.channels.length === 0)
    throw new AppError('CONFIG_INVALID', 'There is no channel of KooGallery.', {
      hint: 'Set ONBOARD_KOOGALLERY to a file with at least one.',
    });
  const receivers = await koogallery.receive({ allowsDataLoss });
  const { http } = onboarding.settings;
  const { basePath, trustedProxies } = http;
  const app = await answering({ receivers, basePath }, logger, { trustedProxies });
  // Swept by whoever serves the console; of what comes here nothing has a name.
  const serving = { ...http, uploadsFolder: http.draftsFolder, logger };
  await addForms(app, { ...serving, forms: await koogallery.forms() });
  await app.register(
    async (probes) => {
      addProbes(probes, async () => {
        const isReady = await onboarding.isReachable();
        return { isReady, redis: isReady ? 'ok' : 'unreachable' };
      });
    },
    { prefix: basePath },
  );
  return app;
}

/** What answers the marketplace, and nobody else. */
export async function answering(
  routes: KooGalleryRoutes,
  logger: Logger,
  { trustedProxies = [] }: { trustedProxies?: string[] } = {},
): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = logger;
  const refuse = refuser(routes);
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_MS_MAX,
    http: { maxHeaderSize: HEAD_BYTES_MAX, headersTimeout: HEAD_MS_MAX },
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    // A call that comes while this ends is answered like any other.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void refuse(request, reply, error),
  });
  closeUnasked(app);
  limitBodyTime(app, BODY_MS_MAX);
  await addKooGallery(app, routes);
  return app;
}
