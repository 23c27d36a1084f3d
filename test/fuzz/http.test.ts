import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { expect, it } from 'vitest';
import { type ApiBench, createApi, listen } from '../support/api.ts';
import { fittingObject, givenFor, hostile, type Known } from '../support/arbitrary.ts';
import { makeCustomer } from '../support/customers.ts';
import { fillUsage } from '../support/koogallery/filled-shop.ts';
import { creation, doChange } from '../support/koogallery/registry.ts';
import { type Document, type Operation, operationsOf, type Parameter } from '../support/openapi.ts';
import { uniqueName } from '../support/redis.ts';
import { makeUsageChannel } from '../support/usage-channel.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
/** A place, a day and a customer that belong together, or a span of the last days, are too rare to be found by chance. */
const RARELY_DONE = ['POST /v1/reviews', 'POST /v1/koogallery/usage'];
const CHANNEL = uniqueName();
/** They want parts, or what was made of parts: `test/http/uploads.test.ts` and `hostile-uploads.test.ts` are about them. */
const OF_PARTS = /^POST \/v1\/(batches(\/validate)?|customers)$|\/v1\/drafts($|\/)/;

interface Asked {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body?: unknown;
}

/** What may be asked of an operation: mostly things that exist, with values that mostly fit. */
function askedOf(operation: Operation, document: Document, known: Known): fc.Arbitrary<Asked> {
  const { parameters = [], requestBody } = operation;
  const schemaOf = (place: Parameter['in']) => {
    const wanted = parameters.filter((each) => each.in === place);
    const required = wanted.filter((each) => each.required).map(({ name }) => name);
    return {
      type: 'object',
      properties: Object.fromEntries(wanted.map(({ name, schema }) => [name, schema])),
      required,
    };
  };
  const objectOf = (place: Parameter['in']) =>
    fittingObject(schemaOf(place), document, known) as fc.Arbitrary<Record<string, unknown>>;
  const media = requestBody?.content?.['application/json'];
  return fc.record(
    {
      path: objectOf('path'),
      query: objectOf('query'),
      ...(media
        ? { body: fc.oneof({ weight: 4, arbitrary: givenFor(media.schema, document, known) }, hostile) }
        : {}),
    },
    { requiredKeys: ['path', 'query'] },
  );
}

const encode = (value: unknown) =>
  encodeURIComponent(String(typeof value === 'object' ? JSON.stringify(value) : value).toWellFormed());

function toRequest(template: string, method: string, { path, query, body }: Asked): InjectOptions {
  const url = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(path[name]));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each) => `${encodeURIComponent(name)}=${encode(each)}`),
  );
  const payload =
    body === undefined
      ? {}
      : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return { method: method as 'GET', url: `${url}?${pairs.join('&')}`, ...payload };
}

/** Streams never end by themselves, so they are asked for through a port, and left. */
async function ask({ app }: ApiBench, request: InjectOptions, stream: string | undefined) {
  if (stream !== undefined) {
    const leaving = new AbortController();
    const response = await fetch(`${stream}${request.url}`, { signal: leaving.signal });
    const type = response.headers.get('content-type') ?? '';
    const body = response.status === 200 ? '' : await response.text();
    leaving.abort();
    return { status: response.status, type: type.split(';')[0] ?? '', body };
  }
  const { statusCode: status, headers, body } = await app.inject(request);
  return { status, type: String(headers['content-type'] ?? '').split(';')[0] ?? '', body };
}

/** What ends something comes after what needs it. */
const LAST = ['retryAllKooGalleryUsage', 'retryBatch', 'cancelBatch', 'purgeBatch'];

async function createKnown(api: ApiBench): Promise<Known> {
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) {
    const id = await api.importRows([1, 2, 3, 4].map((row) => makeCustomer(10 * n + row)));
    ids.push(id);
    await api.submit(id, 1);
    await api.fail(id, 2);
    await api.park(id, 3);
  }
  const channel = { redis: api.world.redis, slug: CHANNEL };
  await doChange(channel, creation('instance-1'));
  await fillUsage(channel, 5);
  const today = new Date().toISOString().slice(0, 10);
  return {
    id: [...ids, 'instance-1'],
    channel: [CHANNEL],
    record: [1, 2, 3, 4, 5].flatMap((number) => [`abnormal-${number}`, `recorded-${number}`]),
    batch: ids,
    row: [1, 2, 3, 4],
    name: [api.world.account.name],
    account: [api.world.account.name],
    custSpaceId: ['C100001', 'C100011'],
    date: [today],
  };
}

it('answers whatever is asked as its document says, and never with 5xx', async () => {
  const api = await createApi({ more: await makeUsageChannel(CHANNEL, 'http://127.0.0.1:9') });
  const document = (await api.get('/openapi.json')).json as Document;
  const address = await listen(api.app);
  const known = await createKnown(api);
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const pointer = (...parts: string[]) =>
    `document#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  const counts: Record<string, Record<number, number>> = {};
  const rank = ({ operation }: { operation: Operation }) => LAST.indexOf(operation.operationId ?? '');
  const operations = operationsOf(document).sort((a, b) => rank(a) - rank(b));
  for (const { name, path, method, operation } of operations) {
    const isStream = Object.hasOwn(operation.responses['200']?.content ?? {}, 'text/event-stream');
    const seen: Record<number, number> = {};
    counts[name] = seen;
    await fc.assert(
      fc.asyncProperty(askedOf(operation, document, known), async (asked) => {
        const { status, type, body } = await ask(
          api,
          toRequest(path, method, asked),
          isStream ? address : undefined,
        );
        seen[status] = (seen[status] ?? 0) + 1;
        expect([status, body]).toEqual([expect.toSatisfy((given: number) => given < 500), body]);
        const documented = operation.responses[String(status)];
        // An empty id, or one too long, makes another address.
        if (documented === undefined)
          return expect([status, JSON.parse(body).code]).toEqual([404, 'ROUTE_UNKNOWN']);
        if (documented.content === undefined || !/\/(problem\+)?json$/.test(type)) return;
        expect(Object.keys(documented.content)).toContain(type);
        const check = ajv.getSchema(
          pointer(
            'paths',
            path,
            method.toLowerCase(),
            'responses',
            String(status),
            'content',
            type,
            'schema',
          ),
        );
        expect([check?.(JSON.parse(body)), check?.errors]).toEqual([true, null]);
      }),
      { numRuns: RUNS, seed: SEED, interruptAfterTimeLimit: 60_000 },
    );
  }
  // Every operation has done what it is for at least once.
  const never = Object.entries(counts).filter(
    ([name, seen]) => !seen[200] && !RARELY_DONE.includes(name) && !OF_PARTS.test(name),
  );
  expect(never).toEqual([]);
});
