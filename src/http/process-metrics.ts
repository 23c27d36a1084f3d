/** What a process knows of itself: memory, processor, event loop, and the requests that it has answered. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ownVersion } from '../onboarding/version.ts';

/** Numbers of now that are named like counters, which Prometheus takes for mistakes. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];
const SECONDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10];
const MS_PER_SECOND = 1_000;

let ofProcess: Registry | undefined;

/** Collected from the first call on, once for the process. */
export function processRegistry(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  for (const name of MISNAMED) ofProcess.removeSingleMetric(name);
  new Gauge({
    name: 'onboard_build_info',
    help: '1, with the version of this software.',
    labelNames: ['version'],
    registers: [ofProcess],
  }).set({ version: ownVersion() }, 1);
  return ofProcess;
}

/** Counts the requests to an application, by the templates of its routes; to be called before they are added. */
export function countRequests(app: FastifyInstance): Registry {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'onboard_http_requests_total',
    help: 'HTTP requests that were answered, by the template of the route.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'onboard_http_request_duration_seconds',
    help: 'Time until the answer was sent.',
    labelNames: ['method', 'route'],
    buckets: SECONDS,
    registers,
  });
  app.addHook('onResponse', async ({ method, routeOptions, is404 }, { statusCode, elapsedTime }) => {
    const route = is404 ? 'none' : (routeOptions.url ?? 'none');
    requests.inc({ method, route, status: statusCode });
    durations.observe({ method, route }, elapsedTime / MS_PER_SECOND);
  });
  return registry;
}
