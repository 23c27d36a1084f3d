/** The rows of a batch, one of them, what people did to the batch, and how fast it went. */
import { z } from 'zod';
import { OUTCOMES } from '../../ledger/outcome.ts';
import { nameOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, batchParams, LOOKING, problems } from '../api-instance.ts';
import { REVIEW_WORDS } from '../json/review.ts';
import {
  logEntrySchema,
  rowPageSchema,
  rowSchema,
  rowStorySchema,
  toLogEntry,
  toRow,
  toRowStory,
  toUnreadable,
} from '../json/row.ts';
import { isoOf, timeSchema } from '../json/times.ts';
import { keepToOwnBatches } from '../own-account.ts';
import { fromCursor, pageQuery, toCursor } from '../paging.ts';

const ROWS_MAX = 1_000_000_000;
const code = z.string().min(1).max(200);
const cursorSchema = z.number().int().min(1).max(ROWS_MAX);

const rowsQuery = z.object({
  ...pageQuery,
  outcome: z
    .union([z.enum(OUTCOMES), z.array(z.enum(OUTCOMES))])
    .optional()
    .describe('One, or repeated.'),
  code: z
    .union([code, z.array(code).max(200)])
    .optional()
    .describe('Why they failed; one, or repeated.'),
  review: z.enum(REVIEW_WORDS).optional(),
  q: z.string().min(1).max(200).optional().describe('An id (CustSpaceId), or a part of a name in any case.'),
});
const rowParams = batchParams.extend({
  row: z.coerce
    .number()
    .int()
    .min(1)
    .max(ROWS_MAX)
    .describe('Number of the row.')
    .meta({ examples: [1] }),
});
const logSchema = z.object({ log: z.array(logEntrySchema) }).meta({
  id: 'Log',
  description: 'What people did to a batch, oldest first.',
  examples: [{ log: [{ at: '2026-01-31T08:00:00.000Z', by: 'ops', action: 'pause', details: '' }] }],
});
const rateSchema = z
  .object({
    secondsPerPoint: z.number(),
    points: z.array(z.object({ at: timeSchema, submitted: z.number().int(), failed: z.number().int() })),
  })
  .meta({
    id: 'Rate',
    description:
      'How many customers ended in each span of time, as far back as that is kept: 600 points at most.',
    examples: [{ secondsPerPoint: 1, points: [{ at: '2026-01-31T08:00:00.000Z', submitted: 5, failed: 0 }] }],
  });
const settleBody = z
  .strictObject({ as: z.enum(['submitted', 'failed']).describe('What you found out.') })
  .meta({ id: 'Settlement', examples: [{ as: 'submitted' }] });

export async function addRows(api: Api, options: ApiOptions): Promise<void> {
  api.addHook('preHandler', keepToOwnBatches(options.onboarding));
  addPages(api, options);
  addOne(api, options);
  addHistory(api, options);
}

function addPages(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'GET',
    url: '/batches/:id/rows',
    config: LOOKING,
    schema: {
      operationId: 'listRows',
      summary: 'List the rows of a batch, or find some of them',
      tags: ['Batches'],
      params: batchParams,
      querystring: rowsQuery,
      response: { 200: rowPageSchema, ...problems(404) },
    },
    handler: async ({ params, query }) => {
      const { limit, cursor, outcome, code: codes, review, q } = query;
      const { rows, unreadable, next } = await onboarding.rows(params.id, {
        ...{ limit, review, search: q },
        outcomes: outcome === undefined ? undefined : [outcome].flat(),
        codes: codes === undefined ? undefined : [codes].flat(),
        from: fromCursor(cursorSchema, cursor),
      });
      return { rows: rows.map(toRow), unreadable: unreadable.map(toUnreadable), next: toCursor(next) };
    },
  });
}

function addOne(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'GET',
    url: '/batches/:id/rows/:row',
    config: LOOKING,
    schema: {
      operationId: 'readRow',
      summary: 'Show everything that is kept about a row',
      tags: ['Batches'],
      params: rowParams,
      response: { 200: rowStorySchema, ...problems(404) },
    },
    handler: async ({ params }) => toRowStory(await onboarding.row(params.id, params.row)),
  });
  api.route({
    method: 'POST',
    url: '/batches/:id/rows/:row/settle',
    config: ACTING,
    schema: {
      operationId: 'settleRow',
      summary: 'Decide a parked row: its submit was sent, and the answer was lost',
      tags: ['Batches'],
      params: rowParams,
      body: settleBody,
      response: { 200: rowSchema, ...problems(404, 409, 413, 415) },
    },
    handler: async (request) => {
      const { id, row } = request.params;
      // Whether there is such a row, before anything is decided about it.
      await onboarding.row(id, row);
      await onboarding.settle(id, { row, as: request.body.as, by: nameOf(request) });
      return toRow((await onboarding.row(id, row)).row);
    },
  });
}

function addHistory(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'GET',
    url: '/batches/:id/log',
    config: LOOKING,
    schema: {
      operationId: 'readLog',
      summary: 'Show who did what to a batch, and when',
      tags: ['Batches'],
      params: batchParams,
      response: { 200: logSchema, ...problems(404) },
    },
    handler: async ({ params }) => ({ log: (await onboarding.log(params.id)).map(toLogEntry) }),
  });
  api.route({
    method: 'GET',
    url: '/batches/:id/rate',
    config: LOOKING,
    schema: {
      operationId: 'readRate',
      summary: 'Show how fast a batch went',
      tags: ['Batches'],
      params: batchParams,
      response: { 200: rateSchema, ...problems(404) },
    },
    handler: async ({ params }) => {
      const { secondsPerPoint, points } = await onboarding.rate(params.id);
      return { secondsPerPoint, points: points.map((point) => ({ ...point, at: isoOf(point.at) })) };
    },
  });
}
