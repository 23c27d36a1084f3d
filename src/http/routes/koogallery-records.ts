/** `GET /v1/koogallery/usage`: what is reported to the marketplace, and what people decide about it. */
import { z } from 'zod';
import { USAGE_DECISIONS, USAGE_STATES } from '../../koogallery/usage/usage-record.ts';
import { nameOf } from '../access.ts';
import { type Api, type ApiOptions, problems } from '../api-instance.ts';
import { changedUsageSchema, toUsage, toUsageSummary, usagePageSchema } from '../json/usage.ts';
import { pageQuery } from '../paging.ts';
import { ACTING_ON_ALL, CHANNEL, channelQuery, LOOKING_AT_ALL } from './koogallery-asked.ts';

const TEXT_MAX = 100;
const REASON_MAX = 500;
const code = z.string().min(1).max(TEXT_MAX);

const listQuery = z.object({
  ...pageQuery,
  channel: CHANNEL,
  state: z.enum(USAGE_STATES).optional().describe('Only those.'),
  code: code.optional().describe('Only those of which the marketplace said this.'),
  instance: z
    .string()
    .min(1)
    .max(TEXT_MAX)
    .optional()
    .describe('Only those of this instance, or of this package.'),
});

const recordParams = z.object({
  record: z
    .string()
    .min(1)
    .max(TEXT_MAX)
    .describe('Id of the record, or a number under which it is or was reported.')
    .meta({ examples: ['6c63c221-0000-4141-8ff4-22f5dfe82b65'] }),
});

const settleBody = z
  .strictObject({
    as: z.enum([...USAGE_DECISIONS, 'abnormal']).describe('What the console of the marketplace shows.'),
    reason: z.string().max(REASON_MAX).optional().describe('Why; of an abnormal one, its code.'),
  })
  .meta({ id: 'KooGalleryUsageDecision', examples: [{ as: 'lost', reason: 'ticket 4711' }] });

const retryBody = z
  .strictObject({ code: code.optional().describe('Only those with this code.') })
  .meta({ id: 'KooGalleryUsageRetry', description: 'Which abnormal records.', examples: [{ code: '013' }] });

const retriedSchema = z
  .object({ records: z.number().int() })
  .meta({ id: 'KooGalleryUsageRetried', description: 'How many.', examples: [{ records: 3 }] });

export async function addUsageRecords(api: Api, options: ApiOptions): Promise<void> {
  addList(api, options);
  addRetries(api, options);
  addSettle(api, options);
}

function addList(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'GET',
    url: '/koogallery/usage',
    config: LOOKING_AT_ALL,
    schema: {
      operationId: 'listKooGalleryUsage',
      summary: 'List the usage records of a channel, and count them by state',
      tags: ['KooGallery'],
      querystring: listQuery,
      response: { 200: usagePageSchema, ...problems(404) },
    },
    handler: async ({ query: { channel: slug, instance, ...order } }) => {
      const usage = await (await onboarding.koogallery()).usage(slug);
      const [page, measured] = await Promise.all([
        usage.page({ ...order, instanceId: instance }),
        usage.measure(),
      ]);
      return {
        records: page.records.map(toUsage),
        next: page.cursor ?? null,
        summary: toUsageSummary(measured),
      };
    },
  });
}

function addRetries(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'POST',
    url: '/koogallery/usage/retry',
    config: ACTING_ON_ALL,
    schema: {
      operationId: 'retryAllKooGalleryUsage',
      summary: 'Report abnormal records again, each under a new number',
      tags: ['KooGallery'],
      querystring: channelQuery,
      body: retryBody,
      response: { 200: retriedSchema, ...problems(404, 413, 415) },
    },
    handler: async (request) => {
      const usage = await (await onboarding.koogallery()).usage(request.query.channel);
      return { records: await usage.retryAll({ by: nameOf(request), code: request.body.code }) };
    },
  });
  api.route({
    method: 'POST',
    url: '/koogallery/usage/:record/retry',
    config: ACTING_ON_ALL,
    schema: {
      operationId: 'retryKooGalleryUsage',
      summary: 'Report an abnormal record again, under a new number',
      tags: ['KooGallery'],
      params: recordParams,
      querystring: channelQuery,
      response: { 200: changedUsageSchema, ...problems(404, 409) },
    },
    handler: async (request) => {
      const usage = await (await onboarding.koogallery()).usage(request.query.channel);
      const order = { id: request.params.record, as: 'retry', by: nameOf(request) } as const;
      return { record: toUsage(await usage.decide(order)) };
    },
  });
}

function addSettle(api: Api, { onboarding }: ApiOptions): void {
  api.route({
    method: 'POST',
    url: '/koogallery/usage/:record/settle',
    config: ACTING_ON_ALL,
    schema: {
      operationId: 'settleKooGalleryUsage',
      summary: 'Record what was found out about a record, as the console of the marketplace shows it',
      tags: ['KooGallery'],
      params: recordParams,
      querystring: channelQuery,
      body: settleBody,
      response: { 200: changedUsageSchema, ...problems(404, 409, 413, 415) },
    },
    handler: async (request) => {
      const usage = await (await onboarding.koogallery()).usage(request.query.channel);
      const order = { id: request.params.record, ...request.body, by: nameOf(request) };
      return { record: toUsage(await usage.decide(order)) };
    },
  });
}
