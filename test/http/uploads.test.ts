import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { type CustomerRow, makeCustomer, makeCustomers } from '../support/customers.ts';
import { makeApp } from '../support/pages.ts';
import { uniqueName } from '../support/redis.ts';
import { outcomesOf, rowsOf } from '../support/rows.ts';
import { agreementOf, batchParts, csvOf, customerParts, type Part, post } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';
import { makeZip } from '../support/zip.ts';

const uploadsIn = ({ folder }: World) => readdir(join(folder, 'drafts', 'uploads')).catch(() => []);
const batchesOf = (world: World) => world.open.ledger.listBatches(10);

it('takes customers one by one into the stream of their day', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const first = await post(app, '/v1/customers', customerParts(makeCustomer(1)));
  expect([first.statusCode, first.json().row]).toEqual([202, 1]);
  const more = [
    ...customerParts(makeCustomer(2, { IsvTerms: '合同 2.pdf' })),
    { name: 'source', content: 'shop' },
  ];
  const second = await post(app, '/v1/customers', more);
  const batch = await world.open.ledger.requireBatch(second.json().batch);
  expect(batch).toMatchObject({ kind: 'stream', source: 'shop', by: 'local', total: 1 });
  expect((await rowsOf(world, batch.id))[0]?.input.fields.at(-1)).toBe('合同 2.pdf');
  expect(await uploadsIn(world)).toEqual([]);
});

it('says what is wrong with a customer, and adds nothing', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const wrong = await post(app, '/v1/customers', customerParts(makeCustomer(1, { CountryId: 'Atlantis' })));
  expect([wrong.statusCode, wrong.json()]).toMatchObject([
    422,
    { code: 'INPUT_INVALID', errors: [{ field: 'customer.CountryId', code: 'COUNTRY_UNKNOWN' }] },
  ]);
  const [customer] = customerParts(makeCustomer(1));
  const noPdf = { name: 'agreement', filename: 'a.pdf', content: makeZip([{ name: 'a.pdf', content: 'x' }]) };
  const zip = await post(app, '/v1/customers', [...(customer ? [customer] : []), noPdf]);
  expect([zip.statusCode, zip.json().errors]).toMatchObject([
    422,
    [{ field: 'agreement', code: 'AGREEMENT_NOT_PDF' }],
  ]);
  for (const parts of [
    customerParts(makeCustomer(1)).slice(0, 1),
    customerParts(makeCustomer(1)).slice(1),
    [...customerParts(makeCustomer(1)), { name: 'extra', content: '1' }],
    [{ name: 'customer', content: '{"CustName":1}' }, ...customerParts(makeCustomer(1)).slice(1)],
  ]) {
    const { statusCode, body } = await post(app, '/v1/customers', parts);
    expect([statusCode, JSON.parse(body).code]).toEqual([400, 'REQUEST_INVALID']);
  }
  expect(await batchesOf(world)).toEqual([]);
  expect(await uploadsIn(world)).toEqual([]);
});

it('takes exactly one agreement with a customer, and keeps nothing of an upload', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const [customer, agreement] = customerParts(makeCustomer(1)) as [Part, Part];
  for (const [parts, detail] of [
    [[customer], 'There must be exactly one part `agreement`, a PDF.'],
    [[customer, agreement, { ...agreement, filename: 'b.pdf' }], 'There is more than one agreement "b.pdf".'],
  ] as const) {
    const refused = await post(app, '/v1/customers', parts);
    expect([refused.statusCode, refused.json()]).toMatchObject([400, { code: 'REQUEST_INVALID', detail }]);
  }
  expect(await world.open.ledger.listBatches(10)).toEqual([]);
  // Larger than a piece of a body.
  const content = Buffer.concat([Buffer.from(agreement.content), Buffer.alloc(300_000, '% a comment\n')]);
  const { batch, row } = (await post(app, '/v1/customers', [customer, { ...agreement, content }])).json();
  const sha256 = (await world.open.ledger.readRow(batch, row))?.input.sha256 ?? '';
  expect(await createDirectoryStore(join(world.folder, 'store')).get(sha256)).toEqual(content);
  expect(await readdir(join(world.folder, 'drafts', 'uploads'))).toEqual([]);
});

it('takes a batch with its agreements as files and in zips', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const [one, two, three] = makeCustomers(3) as [CustomerRow, CustomerRow, CustomerRow];
  const zipped = makeZip(
    [two, three].map((row) => ({
      name: `signed/${row.IsvTerms}`,
      content: agreementOf(row),
    })),
  );
  const parts = [
    { name: 'customers', filename: '客户.csv', content: csvOf([one, two, three]) },
    { name: 'agreements', filename: 'agreement-1.pdf', content: agreementOf(one) },
    { name: 'agreements', filename: 'others.zip', content: zipped },
    { name: 'options', content: JSON.stringify({ priority: 7, maxFailures: 3, at: '2099-01-01T00:00:00Z' }) },
  ];
  const tried = await post(app, '/v1/batches?dryRun=true', parts);
  expect([tried.statusCode, tried.json()]).toMatchObject([200, { rows: 3, good: 3, bad: 0, problems: [] }]);
  expect(await batchesOf(world)).toEqual([]);
  const made = await post(app, '/v1/batches', parts);
  const { id } = made.json();
  expect([made.statusCode, made.headers.location, made.json()]).toMatchObject([
    ...[202, `/v1/batches/${id}`],
    { state: 'running', rows: 3 },
  ]);
  expect(await world.open.ledger.requireBatch(id)).toMatchObject({
    ...{ name: '客户.csv', source: '客户.csv', by: 'local', priority: 7, maxFailures: 3 },
    notBefore: Date.UTC(2099, 0, 1),
  });
  expect(await outcomesOf(world, id)).toEqual(['pending', 'pending', 'pending']);
  expect(await uploadsIn(world)).toEqual([]);
});

it('refuses a batch with a bad row, names all problems, and enqueues nothing', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const rows = [makeCustomer(1), makeCustomer(2, { ContactMail: 'x' }), makeCustomer(3, { CustName: '' })];
  const refused = await post(app, '/v1/batches', batchParts(rows));
  expect([refused.statusCode, refused.json()]).toMatchObject([
    422,
    {
      ...{ code: 'INPUT_INVALID', total: 2 },
      errors: [
        { row: 2, line: 3, code: 'EMAIL_INVALID' },
        { row: 3, line: 4, code: 'REQUIRED' },
      ],
    },
  ]);
  const checked = await post(app, '/v1/batches/validate', batchParts(rows));
  expect([checked.statusCode, checked.json()]).toMatchObject([200, { rows: 3, good: 1, bad: 2, total: 2 }]);
  const accept = { headers: { accept: 'text/csv' } };
  const table = await post(app, '/v1/batches/validate', batchParts(rows), accept);
  expect(table.body).toContain('EMAIL_INVALID');
  expect(table.headers['content-type']).toContain('text/csv');
  expect(await batchesOf(world)).toEqual([]);
  const skipping = await post(app, '/v1/batches', batchParts(rows, { skipInvalid: true }));
  expect([skipping.statusCode, skipping.json().rows]).toEqual([202, 1]);
});

it('tells at most a thousand problems, and how many there are', async () => {
  const app = await makeApp(await createWorld());
  const rows = makeCustomers(1_100, { IsvTerms: 'none.pdf' });
  const parts = [{ name: 'customers', filename: 'c.csv', content: csvOf(rows) }];
  const problem = (await post(app, '/v1/batches', parts)).json();
  expect([problem.errors.length, problem.total]).toEqual([1_000, 1_100]);
});

it('reads customers that are the body itself', async () => {
  const app = await makeApp(await createWorld());
  const rows = makeCustomers(2);
  for (const [type, payload] of [
    ['text/csv; charset=utf-8', csvOf(rows)],
    ['application/x-ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
    ['application/json', JSON.stringify({ customers: rows, strictPdf: true })],
  ] as const) {
    const headers = { 'content-type': type };
    const checked = await app.inject({ method: 'POST', url: '/v1/batches/validate', headers, payload });
    expect([checked.statusCode, checked.json()]).toMatchObject([200, { rows: 2, bad: 2 }]);
    expect(checked.json().problems[0].code).toBe('AGREEMENT_MISSING');
  }
});

it('does once what is repeated under one key, and answers it the same', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const headers = { 'idempotency-key': uniqueName() };
  const parts = batchParts([makeCustomer(1)]);
  const first = await post(app, '/v1/batches', parts, { headers });
  const again = await post(app, '/v1/batches', parts, { headers, boundary: 'another' });
  expect([again.statusCode, again.json(), again.headers.location]).toEqual([
    ...[202, first.json(), first.headers.location],
  ]);
  expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([
    undefined,
    'true',
  ]);
  const other = await post(app, '/v1/batches', batchParts([makeCustomer(2)]), { headers });
  expect([other.statusCode, other.json().code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  const renamed = batchParts([makeCustomer(1)]).map((part) =>
    part.filename === 'customers.csv' ? { ...part, filename: 'other.csv' } : part,
  );
  expect((await post(app, '/v1/batches', renamed, { headers })).statusCode).toBe(422);
  expect((await batchesOf(world)).length).toBe(1);
  const bad = await post(app, '/v1/batches', parts, { headers: { 'idempotency-key': 'x'.repeat(201) } });
  expect([bad.statusCode, bad.json().code]).toEqual([400, 'REQUEST_INVALID']);
});

it('keeps nothing of a request that was refused', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const headers = { 'idempotency-key': uniqueName() };
  const wrong = batchParts([makeCustomer(1, { ContactMail: 'x' })]);
  expect((await post(app, '/v1/batches', wrong, { headers })).statusCode).toBe(422);
  expect((await post(app, '/v1/batches', batchParts([makeCustomer(1)]), { headers })).statusCode).toBe(202);
});
