/** What an operator does to a batch. */
import { z } from 'zod';
import { nameOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, batchParams, problems } from '../api-instance.ts';
import { digestOf, requestKeyOf } from '../idempotency/idempotency.ts';
import { BATCH_EXAMPLE, batchSchema, toBatch } from '../json/batch.ts';
import { placeSchema, toPlace } from '../json/row.ts';
import { maybeTime, momentSchema } from '../json/times.ts';
import { keepToOwnBatches } from '../own-account.ts';

const ROWS_MAX = 10_000;
const count = z.number().int();
const changedSchema = z
  .object({ batch: batchSchema })
  .meta({ id: 'ChangedBatch', description: 'The batch as it is now.', examples: [{ batch: BATCH_EXAMPLE }] });

const retryBody = z
  .strictObject({
    codes: z.array(z.string().min(1).max(200)).max(200).optional().describe('Rows that failed with these.'),
    rows: z.array(z.number().int().positive()).max(ROWS_MAX).optional().describe('Rows with these numbers.'),
    outcomes: z
      .array(z.enum(['failed', 'cancelled']))
      .max(2)
      .optional(),
    allFailed: z.boolean().optional().describe('Every failed row except parked ones.'),
    at: momentSchema.optional().describe('Earliest time at which they may be sent.'),
    evenIfSuperseded: z
      .boolean()
      .optional()
      .describe('With `rows`: also those of which newer data was sent since.'),
  })
  .refine(
    ({ codes = [], rows = [], outcomes = [], allFailed = false }) =>
      allFailed || codes.length + rows.length + outcomes.length > 0,
    'says no rows: give codes, rows, outcomes or allFailed',
  )
  .meta({
    id: 'Retry',
    description: 'Which rows; all conditions hold.',
    examples: [{ codes: ['PEER_TIMEOUT'] }],
  });

const retriedSchema = z
  .object({
    batch: batchSchema,
    rows: count.describe('Rows that are enqueued again.'),
    waiting: count.describe('Rows that wait for another row, which has their customer with the same data.'),
    unchanged: count.describe('Rows of which the same data was submitted meanwhile.'),
    doubtful: count.describe('Rows that are sent again although an earlier submit may have arrived.'),
    left: count.describe('Rows left as they are.'),
    examples: z
      .array(z.object({ row: count, why: z.string(), lead: placeSchema.optional() }))
      .describe('The first of those that are left, each with the code of what is in the way.'),
  })
  .meta({
    id: 'Retried',
    description: 'What was enqueued again.',
    examples: [
      { batch: BATCH_EXAMPLE, rows: 1, waiting: 0, unchanged: 0, doubtful: 0, left: 0, examples: [] },
    ],
  });

const priorityBody = z
  .strictObject({
    priority: z.number().int().min(2).max(1_000_000).describe('Lower goes first; 100 is usual.'),
  })
  .meta({ id: 'Priority', examples: [{ priority: 10 }] });

const purgedSchema = z
  .object({ rows: count })
  .meta({ id: 'Purged', description: 'How many rows are gone.', examples: [{ rows: 212 }] });

export async function addVerbs(api: Api, options: ApiOptions): Promise<void> {
  api.addHook('preHandler', keepToOwnBatches(options.onboarding));
  addPlainVerbs(api, options);
  addRetry(api, options);
  addPriority(api, options);
  addPurge(api, options);
}

const PLAIN_VERBS = {
  cancel: 'Stop sending a batch for good; calls in progress finish',
  pause: 'Stop sending a batch until it is resumed; calls in progress finish',
  resume: 'Go on with a paused batch',
} as const;

function addPlainVerbs(api: Api, { onboarding }: ApiOptions): void {
  for (const verb of ['cancel', 'pause', 'resume'] as const)
    api.route({
      method: 'POST',
      url: `/batches/:id/${verb}`,
      config: ACTING,
      schema: {
        operationId: `${verb}Batch`,
        summary: PLAIN_VERBS[verb],
        tags: ['Batches'],
        params: batchParams,
        response: { 200: changedSchema, ...problems(404, 409) },
      },
      handler: async (request) => {
        const { id } = request.params;
        await onboarding[verb](id, { by: nameOf(request) });
        return { batch: toBatch(await onboarding.readBatch(id)) };
      },
    });
}

function addRetry(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'POST',
    url: '/batches/:id/retry',
    config: ACTING,
    schema: {
      operationId: 'retryBatch',
      summary: 'Enqueue failed or cancelled rows of a batch again, as they are',
      tags: ['Batches'],
      params: batchParams,
      body: retryBody,
      response: { 200: retriedSchema, ...problems(404, 409, 413, 415) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { at, evenIfSuperseded: takesSuperseded, ...filter } = request.body;
      const requestKey = requestKeyOf(request, digestOf(request.body));
      const order = { by: nameOf(request), filter, notBefore: maybeTime(at), takesSuperseded, requestKey };
      const { rows, waiting, unchanged, doubtful, left, examples } = await onboarding.redrive(id, order);
      return {
        batch: toBatch(await onboarding.readBatch(id)),
        ...{ rows, waiting, unchanged, doubtful, left },
        examples: examples.map(({ row, why, place }) => ({ row, why, lead: place && toPlace(place) })),
      };
    },
  });
}

function addPriority(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'POST',
    url: '/batches/:id/priority',
    config: ACTING,
    schema: {
      operationId: 'prioritizeBatch',
      summary: 'Let a batch go before others, or after them',
      tags: ['Batches'],
      params: batchParams,
      body: priorityBody,
      response: { 200: changedSchema, ...problems(404, 409, 413, 415) },
    },
    handler: async (request) => {
      const { id } = request.params;
      await onboarding.prioritize(id, { by: nameOf(request), priority: request.body.priority });
      return { batch: toBatch(await onboarding.readBatch(id)) };
    },
  });
}

function addPurge(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'DELETE',
    url: '/batches/:id',
    config: ACTING,
    schema: {
      operationId: 'purgeBatch',
      summary: "Delete a finished batch and its customers' data",
      tags: ['Batches'],
      params: batchParams,
      response: { 200: purgedSchema, ...problems(404, 409) },
    },
    handler: async (request) => {
      const { rows } = await onboarding.purge(request.params.id, { by: nameOf(request) });
      return { rows };
    },
  });
}
