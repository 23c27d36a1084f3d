/** The receiver as a process of its own: the marketplace and whoever supervises it, and no pages. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Onboarding } from '../../index.ts';
import type { Logger } from '../../logger.ts';
import { untilSignal } from '../../onboarding/until-signal.ts';
import { closeUnasked } from '../close-unasked.ts';
import { listenOn } from '../listening.ts';
import { addProbes } from '../probes.ts';
import { addKooGallery, HEAD_BYTES_MAX, type KooGalleryRoutes, refuser } from './routes.ts';

/** Calls take two seconds at most. */
const GRACE_SECONDS = 5;
/** For the headers of a request to arrive; its body has a limit of its own. */
const REQUEST_MS_MAX = 10_000;
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
  const { host, port, basePath } = onboarding.settings.http;
  const app = await build(options).catch(async (error: unknown) => {
    await onboarding.close();
    throw error;
  });
  const stop = async () => {
    await app.close();
    await onboarding.close();
  };
  try {
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
  const { basePath } = onboarding.settings.http;
  const app = await answering({ receivers, basePath }, logger);
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
export async function answering(routes: KooGalleryRoutes, logger: Logger): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = logger;
  const refuse = refuser(routes);
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_MS_MAX,
    http: { maxHeaderSize: HEAD_BYTES_MAX },
    // A call that comes while this ends is answered like any other.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void refuse(request, reply, error),
  });
  closeUnasked(app);
  await addKooGallery(app, routes);
  return app;
}
