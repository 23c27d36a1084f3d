/** `POST /v1/koogallery/usage`: what was used, to be reported to the marketplace. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { UsageAdded, UsageProblem } from '../../koogallery/usage/add-usage.ts';
import { readUsageFile } from '../../koogallery/usage/read-usage-file.ts';
import type { GivenUsage } from '../../koogallery/usage/rules.ts';
import { nameOf } from '../access.ts';
import { type Api, type ApiOptions, problems } from '../api-instance.ts';
import { sendProblem } from '../problem.ts';
import { ACTING_ON_ALL, flag } from './koogallery-asked.ts';

const BODY_BYTES_MAX = 8 * 1024 * 1024;
const RECORDS_MAX = 20_000;
const ERRORS_MAX = 1_000;
const CSV = 'text/csv';

const slug = z.string().min(1).max(32).describe('Slug of the channel.');
const id = z.string().max(100);
const time = z.string().max(40);

const recordSchema = z.strictObject({
  meteringSn: id.optional().describe('Yours; by default one is made. A record counts once under it.'),
  instanceId: id.describe('The pay-per-use instance, also where a package is used up.'),
  relatedPackage: id.optional().describe('The package from which it is deducted.'),
  productId: id.optional().describe('Only for the old interface.'),
  recordTime: time.optional().describe('UTC; by default now.'),
  beginTime: time.describe('UTC: 20220809T080000Z, or 2022-08-09T08:00:00Z.'),
  endTime: time,
  value: z.string().max(40).describe('Decimal, at most 4 places; a text, so that no digit is lost.'),
});

const bodySchema = z
  .strictObject({
    channel: slug,
    unknownInstances: z.boolean().optional().describe('Take instances that were not bought through here.'),
    records: z.array(recordSchema).min(1).max(RECORDS_MAX),
  })
  .meta({
    id: 'UsageToReport',
    description: `Or a table as ${CSV}, in the marketplace's names of columns; then \`channel\` is in the query.`,
    examples: [
      {
        channel: 'whatsapp-cn',
        records: [
          {
            instanceId: '7f141bf1-aec8-4859-8323-fb3a8ad50721',
            beginTime: '2026-08-09T08:00:00Z',
            endTime: '2026-08-09T09:00:00Z',
            value: '99.5',
          },
        ],
      },
    ],
  });

const querySchema = z.object({
  channel: slug.optional(),
  unknownInstances: flag,
});

const count = z.number().int().nonnegative();
const addedSchema = z
  .object({
    channel: slug,
    recorded: count,
    repeated: count.describe('They were recorded before.'),
    late: count.describe('Their time was collected already: they are sent, and may not be billed.'),
    ids: z.array(z.string()).describe('In the order of the records: by these they are found later.'),
  })
  .meta({
    id: 'UsageTaken',
    examples: [
      {
        channel: 'whatsapp-cn',
        recorded: 1,
        repeated: 0,
        late: 0,
        ids: ['6c63c221-0000-4141-8ff4-22f5dfe82b65'],
      },
    ],
  });

interface Asked {
  channel: string;
  unknownInstances: boolean;
  records: GivenUsage[];
}

export async function addKooGalleryUsage(api: Api, { onboarding }: ApiOptions): Promise<void> {
  api.addContentTypeParser(CSV, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const compile = api.validatorCompiler;
  // A table is checked when it is read.
  api.setValidatorCompiler((route) => {
    const check = compile?.(route);
    if (route.httpPart !== 'body' || check === undefined) return check ?? (() => true);
    return (body: unknown) => (Buffer.isBuffer(body) ? { value: body } : check(body));
  });
  api.route({
    method: 'POST',
    url: '/koogallery/usage',
    config: ACTING_ON_ALL,
    bodyLimit: BODY_BYTES_MAX,
    schema: {
      operationId: 'addKooGalleryUsage',
      summary: 'Report usage to the marketplace',
      description:
        'All records are checked against the rules of the marketplace first; all of them are taken, or none.',
      tags: ['KooGallery'],
      consumes: ['application/json', CSV],
      querystring: querySchema,
      body: bodySchema,
      response: { 202: addedSchema, ...problems(404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      const { channel, unknownInstances, records } = await read(request.body, request.query);
      const found: UsageProblem[] = [];
      const usage = await (await onboarding.koogallery()).usage(channel);
      try {
        const added: UsageAdded = await usage.add({
          records,
          by: nameOf(request),
          mayBeUnknown: unknownInstances,
          onInvalid: (problems) => void found.push(...problems),
        });
        return reply.code(202).send({ channel, ...added });
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'INPUT_USAGE_INVALID') throw error;
        const errors = found.slice(0, ERRORS_MAX);
        return sendProblem(reply, 422, error.code, error.message, { errors, total: found.length });
      }
    },
  });
}

async function read(
  body: z.output<typeof bodySchema> | Buffer,
  query: z.output<typeof querySchema>,
): Promise<Asked> {
  if (!Buffer.isBuffer(body)) return { ...body, unknownInstances: body.unknownInstances ?? false };
  const { channel, unknownInstances = false } = query;
  if (channel === undefined) throw new AppError('REQUEST_INVALID', 'Name the channel: ?channel=SLUG.');
  const records = await readUsageFile({ stream: Readable.from([body]) }, { format: 'csv' });
  if (records.length > RECORDS_MAX)
    throw new AppError('REQUEST_INVALID', `There are more than ${RECORDS_MAX} records; send them in parts.`);
  return { channel, unknownInstances, records };
}
