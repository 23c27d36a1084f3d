/** `/metrics` of the server: what Redis knows of all accounts, and what this process knows of itself. */
import type { FastifyInstance } from 'fastify';
import pTimeout from 'p-timeout';
import type { Registry } from 'prom-client';
import type { Onboarding } from '../index.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../logger.ts';
import { alertRegistry } from './alert-metrics.ts';
import { kooGalleryRegistry } from './koogallery-metrics.ts';
import { renderMetrics } from './metrics.ts';

/** Longest reading, in milliseconds: Prometheus gives up after 10 s, and would then know nothing at all. */
const READ_MS_MAX = 8_000;

export interface MetricsOptions {
  onboarding: Pick<Onboarding, 'measures' | 'alertCounts' | 'koogallery'>;
  logger: Logger;
  /** What this process knows of itself. */
  more: readonly Registry[];
}

/** While Redis is away, the rest is told, and `onboard_redis_up` is 0. */
export function addMetrics(app: FastifyInstance, { onboarding, logger, more }: MetricsOptions): void {
  const complain = rarely(TROUBLE_EVERY_MS, (error: Error) =>
    logger.warn({ event: 'measures_failed', error: error.message }, 'accounts are missing in the metrics'),
  );
  app.get('/metrics', { config: { role: 'viewer' } }, async (_request, reply) => {
    const reading = Promise.all([
      onboarding.measures(),
      onboarding.alertCounts(),
      onboarding.koogallery().then((koogallery) => koogallery.measures()),
    ]);
    const read = await pTimeout(reading, { milliseconds: READ_MS_MAX }).catch(complain);
    const [measures, alerts = [], channels = []] = read ?? [];
    const registries = [...more, alertRegistry(alerts), kooGalleryRegistry(channels)];
    const { contentType, body } = await renderMetrics(measures, registries);
    return reply.type(contentType).send(body);
  });
}
