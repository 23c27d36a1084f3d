/** `GET /v1/batches/:id/events` and `GET /v1/events`: server-sent events. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { nameOf } from '../access.ts';
import { type Api, type ApiOptions, batchParams, LOOKING, problems } from '../api-instance.ts';
import type { EventStream } from '../events/event-stream.ts';
import { EventHub } from '../events/hub.ts';
import { Limits } from '../limits.ts';
import { accountFor, keepToOwnBatches } from '../own-account.ts';
import { sendProblem } from '../problem.ts';

const OPEN_MAX = 1_000;
const OPEN_EACH_MAX = 20;
const RETRY_AFTER_SECONDS = 10;

const resuming = z.object({
  'last-event-id': z
    .string()
    .max(100)
    .optional()
    .describe('The `id` of the last event: what happened since is told first, and a `gap` if some is lost.'),
});
const eventsOf = (description: string, example: string) => ({
  200: {
    description,
    content: { 'text/event-stream': { schema: z.string().meta({ examples: [example] }) } },
  },
});
const OF_BATCH = eventsOf(
  'Events `batch` (as WatchedBatch), `row`, and `alive` every 15 s. It ends after 10 minutes, or when Redis is away; connect again.',
  'event: row\nid: 1769846412345-0\ndata: {"row":1,"outcome":"submitted","at":"2026-01-31T08:00:12.345Z"}\n\n',
);
const OF_ALL = eventsOf(
  'Events `batch` (as WatchedBatch), `accounts`, and `alive` every 15 s. It ends after 10 minutes, or when Redis is away; connect again.',
  'event: accounts\ndata: {"accounts":[]}\n\n',
);

export async function addEvents(api: Api, { onboarding, logger }: ApiOptions): Promise<void> {
  const hub = new EventHub({ onboarding, logger });
  const limits = new Limits({ all: OPEN_MAX, each: OPEN_EACH_MAX });
  // Before connections are waited for: these would never end by themselves.
  api.addHook('preClose', async () => hub.close());
  api.route({
    method: 'GET',
    url: '/batches/:id/events',
    exposeHeadRoute: false,
    config: LOOKING,
    preHandler: keepToOwnBatches(onboarding),
    schema: {
      operationId: 'watchBatch',
      summary: 'Watch a batch',
      tags: ['Events'],
      params: batchParams,
      headers: resuming,
      response: { ...OF_BATCH, ...problems(404, 429) },
    },
    handler: (request, reply) =>
      answer(request, reply, limits, () =>
        hub.openBatch(request.params.id, request.headers['last-event-id']),
      ),
  });
  api.route({
    method: 'GET',
    url: '/events',
    exposeHeadRoute: false,
    config: LOOKING,
    schema: {
      operationId: 'watchAll',
      summary: 'Watch every batch and account',
      tags: ['Events'],
      response: { ...OF_ALL, ...problems(429) },
    },
    handler: (request, reply) => answer(request, reply, limits, () => hub.openAll(accountFor(request))),
  });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  limits: Limits,
  open: () => Promise<EventStream>,
) {
  const place = limits.take(`${nameOf(request)} ${request.ip}`);
  if (typeof place === 'string') return refuse(reply, place);
  try {
    const stream = await open();
    stream.once('close', place);
    // A proxy that gathers what it passes on would hold every event back; and a connection that was kept for another
    // request would hold the end of the server back.
    reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' });
    return reply.type('text/event-stream').send(stream);
  } catch (error) {
    place();
    throw error;
  }
}

function refuse(reply: FastifyReply, limit: 'all' | 'each') {
  reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (limit === 'all')
    return sendProblem(reply, 503, 'TOO_MANY_REQUESTS', `There are ${OPEN_MAX} such connections already.`);
  const detail = `You have ${OPEN_EACH_MAX} such connections from this address already.`;
  return sendProblem(reply, 429, 'TOO_MANY_REQUESTS', detail);
}
