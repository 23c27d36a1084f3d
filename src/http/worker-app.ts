/**
 * What a worker process answers on the port of its own: probes, and the metrics that only it knows. What Redis knows of the
 * accounts is told by `serve` alone: it would add up to nonsense if each worker told it, and cost the workers time.
 */
import Fastify, { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { AccountStanding, Workers } from '../index.ts';
import { closeUnasked } from './close-unasked.ts';
import { makersIn } from './instruments.ts';
import { addProbes, type Readiness } from './probes.ts';
import { countRequests, processRegistry } from './process-metrics.ts';

/** For the whole of a request to arrive: Fastify would wait for ever. */
const REQUEST_MS_MAX = 10_000;

/** @param workers undefined while they start */
export function buildWorkerApp(workers: () => Workers | undefined): FastifyInstance {
  const app = Fastify({ logger: false, requestTimeout: REQUEST_MS_MAX });
  closeUnasked(app);
  const requests = countRequests(app);
  addProbes(app, () => readinessOf(workers()));
  app.get('/metrics', async (_request, reply) => {
    const registries = [workerRegistry(workers()), requests, processRegistry()];
    const parts = await Promise.all(registries.map((registry) => registry.metrics()));
    return reply.type(requests.contentType).send(parts.join('\n'));
  });
  return app;
}

/** A process that takes jobs of at least one account is of use. */
async function readinessOf(workers: Workers | undefined): Promise<Readiness> {
  if (workers === undefined) return { isReady: false, status: 'starting' };
  const accounts = workers.standings().map((standing) => {
    const troubles = troublesOf(standing);
    return { account: standing.account, takesJobs: troubles.length === 0, troubles };
  });
  const isReachable = await workers.isReachable();
  const isReady = workers.isRunning() && isReachable && accounts.some(({ takesJobs }) => takesJobs);
  const status = !workers.isRunning() ? 'stopping' : isReady ? 'ready' : 'not ready';
  return { isReady, status, redis: isReachable ? 'ok' : 'unreachable', accounts };
}

function troublesOf({ troubles }: AccountStanding): string[] {
  return Object.entries(troubles).flatMap(([kind, isThere]) => (isThere ? kind : []));
}

/** Made anew for each scrape, as those of the accounts are. */
function workerRegistry(workers: Workers | undefined): Registry {
  const registry = new Registry();
  const { counter, gauge } = makersIn(registry);
  const calls = counter(
    'onboard_calls_total',
    'Calls that this process made, by what came of them: ok, unsent, or the class of the error.',
    'account',
    'operation',
    'class',
  );
  const trouble = gauge(
    'onboard_worker_trouble',
    '1 while this is wrong on this machine, so that the process takes no jobs of the account.',
    'account',
    'kind',
  );
  for (const standing of workers?.standings() ?? []) {
    const { account } = standing;
    for (const { operation, answer, calls: count } of standing.calls)
      calls.inc({ account, operation, class: answer }, count);
    for (const [kind, isThere] of Object.entries(standing.troubles))
      trouble.set({ account, kind }, isThere ? 1 : 0);
  }
  addAttempts(registry, workers);
  return registry;
}

function addAttempts(registry: Registry, workers: Workers | undefined): void {
  const attempts = makersIn(registry).counter(
    'onboard_koogallery_attempts_total',
    'Attempts of this process at tasks of a channel, by what came of them: done, later, refused or lost.',
    'channel',
    'result',
  );
  for (const standing of workers?.channels() ?? [])
    for (const { result, attempts: count } of standing.attempts)
      attempts.inc({ channel: standing.channel, result }, count);
}
