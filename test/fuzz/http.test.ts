import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { expect, it } from 'vitest';
import { type ApiBench, createApi } from '../support/api.ts';
import { givenFor, hostile } from '../support/arbitrary.ts';
import { type Document, type Operation, operationsOf, type Parameter } from '../support/openapi.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 60);

interface Asked {
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  body?: unknown;
}

/** What may be asked of an operation: mostly things that exist, with values that mostly fit. */
function askedOf(
  operation: Operation,
  document: Document,
  known: Record<string, string[]>,
): fc.Arbitrary<Asked> {
  const { parameters = [], requestBody } = operation;
  const valuesOf = (place: Parameter['in']) => parameters.filter((each) => each.in === place);
  const path = Object.fromEntries(
    valuesOf('path').map(({ name, schema }) => {
      const any = givenFor(schema, document);
      const existing = known[name];
      return [name, existing ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...existing) }, any) : any];
    }),
  );
  const query = Object.fromEntries(
    valuesOf('query').map(({ name, schema }) => [name, givenFor(schema, document)]),
  );
  const media = requestBody?.content?.['application/json'];
  return fc.record(
    {
      path: fc.record(path),
      query: fc.record(query, { requiredKeys: [] }),
      ...(media
        ? { body: fc.oneof({ weight: 4, arbitrary: givenFor(media.schema, document) }, hostile) }
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

async function ask({ app }: ApiBench, request: InjectOptions, isStream: boolean) {
  const response = await app.inject({ ...request, payloadAsStream: isStream });
  const type = String(response.headers['content-type'] ?? '').split(';')[0] ?? '';
  if (isStream && response.statusCode === 200) {
    response.stream().destroy();
    return { status: 200, type, body: '' };
  }
  let body = '';
  if (isStream) for await (const chunk of response.stream()) body += chunk;
  else body = response.body;
  return { status: response.statusCode, type, body };
}

it('answers whatever is asked as its document says, and never with 5xx', async () => {
  const api = await createApi();
  const document = (await api.get('/openapi.json')).json as Document;
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push(await api.importRows(4, { name: `Batch ${n}` }));
  for (const id of ids.slice(0, 2)) {
    await api.submit(id, 1).catch(() => undefined);
    await api.fail(id, 2).catch(() => undefined);
    await api.park(id, 3).catch(() => undefined);
  }
  const known = {
    id: ids,
    row: ['1', '2', '3', '4'],
    name: [api.world.account.name],
    custSpaceId: ['C100001', 'C100002'],
  };
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const pointer = (...parts: string[]) =>
    `document#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  const counts: Record<string, Record<number, number>> = {};
  // What is deleted cannot be asked about any more.
  const operations = operationsOf(document).sort(
    (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
  );
  for (const { name, path, method, operation } of operations) {
    const isStream = Object.hasOwn(operation.responses['200']?.content ?? {}, 'text/event-stream');
    const seen: Record<number, number> = {};
    counts[name] = seen;
    await fc.assert(
      fc.asyncProperty(askedOf(operation, document, known), async (asked) => {
        const { status, type, body } = await ask(api, toRequest(path, method, asked), isStream);
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
      { numRuns: RUNS, interruptAfterTimeLimit: 60_000 },
    );
  }
  // Every operation has done what it is for at least once.
  const never = Object.entries(counts).filter(([, seen]) => !seen[200] && !seen[201]);
  expect(never).toEqual([]);
});
