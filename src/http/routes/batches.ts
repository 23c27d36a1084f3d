/** `GET /v1/batches` and `GET /v1/batches/:id`. */
import etag from '@fastify/etag';
import { z } from 'zod';
import { BATCH_STATES } from '../../ledger/batch-state.ts';
import { type Api, type ApiOptions, batchParams, LOOKING, problems, UNCHANGED } from '../api-instance.ts';
import { batchDetailsSchema, batchSchema, toBatch, toBatchDetails } from '../json/batch.ts';
import { maybeTime, momentSchema } from '../json/times.ts';
import { accountFor, keepToOwnBatches } from '../own-account.ts';
import { fromCursor, nextSchema, pageQuery, toCursor } from '../paging.ts';

const placeSchema = z.object({ created: z.number(), id: z.string() });

const listQuery = z.object({
  ...pageQuery,
  state: z
    .union([z.enum(BATCH_STATES), z.array(z.enum(BATCH_STATES))])
    .optional()
    .describe('One, or repeated for several.'),
  name: z.string().max(500).optional().describe('A part of the name, in any case.'),
  by: z.string().max(200).optional(),
  account: z.string().max(100).optional(),
  from: momentSchema.optional().describe('Created at this time or later.'),
  to: momentSchema.optional().describe('Created before this time.'),
});

const pageSchema = z
  .object({ batches: z.array(batchSchema), next: nextSchema })
  .meta({ id: 'BatchPage', examples: [{ batches: [], next: null }] });

export async function addBatches(api: Api, { onboarding }: ApiOptions): Promise<void> {
  await api.register(etag, { weak: true });
  api.route({
    method: 'GET',
    url: '/batches',
    config: LOOKING,
    schema: {
      operationId: 'listBatches',
      summary: 'List batches, the newest first',
      tags: ['Batches'],
      querystring: listQuery,
      response: { 200: pageSchema, ...UNCHANGED, ...problems(404) },
    },
    handler: async (request) => {
      const { limit, cursor, state, account, from, to, ...filter } = request.query;
      const { batches, next } = await onboarding.listBatches({
        ...filter,
        limit,
        states: state === undefined ? undefined : [state].flat(),
        from: maybeTime(from),
        to: maybeTime(to),
        account: accountFor(request, account),
        after: fromCursor(placeSchema, cursor),
      });
      return { batches: batches.map(toBatch), next: toCursor(next) };
    },
  });
  api.route({
    method: 'GET',
    url: '/batches/:id',
    config: LOOKING,
    preHandler: keepToOwnBatches(onboarding),
    schema: {
      operationId: 'readBatch',
      summary: 'Show where a batch stands',
      tags: ['Batches'],
      params: batchParams,
      response: { 200: batchDetailsSchema, ...UNCHANGED, ...problems(404) },
    },
    handler: async ({ params }) => toBatchDetails(await onboarding.status(params.id)),
  });
}
