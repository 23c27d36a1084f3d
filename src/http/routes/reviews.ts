/** `GET` and `POST /v1/reviews`. */
import { z } from 'zod';
import { DECISIONS } from '../../ledger/review.ts';
import { nameOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, LOOKING, problems } from '../api-instance.ts';
import { recordedSchema, reviewPageSchema, toListedReview, toRecorded } from '../json/review.ts';
import { accountFor, requireOwnBatch } from '../own-account.ts';
import { fromCursor, pageQuery, toCursor } from '../paging.ts';

const placeSchema = z.object({ account: z.string(), custSpaceId: z.string(), at: z.number() });

const listQuery = z.object({
  ...pageQuery,
  account: z.string().max(100).optional(),
  olderThanDays: z.coerce.number().min(0).max(36_500).default(0).describe('Only those that waited longer.'),
});

const recordBody = z
  .strictObject({
    account: z.string().max(100).optional(),
    batch: z.string().min(1).max(64).optional(),
    row: z.number().int().positive().max(1_000_000_000).optional(),
    custSpaceId: z.string().min(1).max(100).optional(),
    as: z.enum(DECISIONS),
    date: z.string().max(100).describe('The day of the decision, such as 2026-01-31.'),
    evidence: z.string().max(10_000).describe('Who said so, or where it is written.'),
  })
  .refine(({ batch, row }) => batch !== undefined || row === undefined, {
    error: 'a row needs its batch',
    path: ['row'],
  })
  .refine(({ row, custSpaceId }) => (row ?? custSpaceId) !== undefined, {
    error: 'name a batch and a row, or a customer',
    path: ['custSpaceId'],
  })
  .meta({
    id: 'NewReview',
    description: 'How a review ended: of a row of a batch, of a customer, or of both, which must agree then.',
    examples: [{ batch: '3k9x2fq7d', row: 1, as: 'approved', date: '2026-01-31', evidence: 'ticket 4711' }],
  });

export async function addReviews(api: Api, { onboarding }: ApiOptions): Promise<void> {
  api.route({
    method: 'GET',
    url: '/reviews',
    config: LOOKING,
    schema: {
      operationId: 'listReviews',
      summary: 'List what awaits its review, what has waited longest first',
      tags: ['Reviews'],
      querystring: listQuery,
      response: { 200: reviewPageSchema, ...problems(404) },
    },
    handler: async (request) => {
      const { limit, cursor, olderThanDays, account } = request.query;
      const { reviews, next, counts } = await onboarding.reviewsPage({
        ...{ limit, olderThanDays, account: accountFor(request, account) },
        after: fromCursor(placeSchema, cursor),
      });
      return { reviews: reviews.map(toListedReview), next: toCursor(next), counts };
    },
  });
  api.route({
    method: 'POST',
    url: '/reviews',
    config: ACTING,
    schema: {
      operationId: 'recordReview',
      summary: 'Record how a review ended, which no call tells',
      tags: ['Reviews'],
      body: recordBody,
      response: { 201: recordedSchema, ...problems(404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { batch: batchId, account: asked, ...review } = request.body;
      const account = accountFor(request, asked);
      if (batchId !== undefined) await requireOwnBatch(onboarding, account, batchId);
      const order = { ...review, batchId, account, by: nameOf(request) };
      return reply.code(201).send(toRecorded(await onboarding.recordReview(order)));
    },
  });
}
