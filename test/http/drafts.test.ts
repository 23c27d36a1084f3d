import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { expect, it } from 'vitest';
import { Drafts } from '../../src/draft/drafts.ts';
import { changeUsersFile } from '../../src/onboarding/users-file.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { logIn, makeApp, makeUsers, PASSWORD, quickHash } from '../support/pages.ts';
import { rowsOf } from '../support/rows.ts';
import { agreementOf, batchParts, csvOf, post } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const rootOf = ({ folder }: World) => join(folder, 'drafts');

const patch = (app: FastifyInstance, id: string, payload: object) =>
  app.inject({ method: 'PATCH', url: `/v1/drafts/${id}`, payload });

const rows = [
  makeCustomer(1),
  makeCustomer(2, { ContactMail: 'nobody' }),
  makeCustomer(3, { CustName: '' }),
  makeCustomer(4, { IsvTerms: 'missing.pdf' }),
];
const parts = () => batchParts(rows).filter(({ filename }) => filename !== 'missing.pdf');

async function makeDraft(app: FastifyInstance) {
  const { statusCode, body } = await post(app, '/v1/drafts', parts());
  expect(statusCode).toBe(201);
  return JSON.parse(body);
}

it('shows what is wrong, takes corrections, and imports the corrected rows', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const draft = await makeDraft(app);
  const { id } = draft;
  expect(draft).toMatchObject({
    ...{ name: 'customers.csv', rows: { total: 4, good: 1, bad: 3, leftOut: 0 }, next: null },
    agreements: { files: 3, unused: [] },
    page: [
      { row: 1, problems: [] },
      { row: 2, line: 3, problems: [{ column: 'ContactMail', code: 'EMAIL_INVALID' }] },
      { row: 3, problems: [{ column: 'CustName', code: 'REQUIRED' }] },
      { row: 4, problems: [{ column: 'IsvTerms', code: 'AGREEMENT_MISSING' }] },
    ],
  });
  const refused = await app.inject({ method: 'POST', url: `/v1/drafts/${id}/import` });
  expect([refused.statusCode, refused.json().total]).toEqual([422, 3]);
  const cells = [{ row: 2, column: 'ContactMail', value: 'right@customer.example' }];
  const changed = await patch(app, id, { cells, leaveOut: [3] });
  expect(changed.json()).toMatchObject({ rows: { total: 4, good: 2, bad: 1, leftOut: 1 } });
  const agreement = { name: 'agreements', filename: '合同.pdf', content: agreementOf(rows[3] ?? {}) };
  const added = await post(app, `/v1/drafts/${id}/agreements?row=4`, [agreement]);
  expect([added.statusCode, added.json().rows]).toEqual([200, { total: 4, good: 3, bad: 0, leftOut: 1 }]);

  const order = { method: 'POST', url: `/v1/drafts/${id}/import`, payload: { name: 'Corrected' } } as const;
  const imported = await app.inject(order);
  expect([imported.statusCode, imported.json()]).toMatchObject([202, { rows: 3 }]);
  // A second click, and another process that was asked the same.
  expect((await app.inject(order)).json().id).toBe(imported.json().id);
  // Also with another name, under another key, or after a restart: a draft is registered once, and then it is as it was.
  const headers = { 'idempotency-key': 'another' };
  const again = await (await makeApp(world)).inject({ ...order, headers, payload: { name: 'Other' } });
  expect(again.json().id).toBe(imported.json().id);
  for (const { statusCode, body } of [
    await patch(app, id, { takeBack: [3] }),
    await post(app, `/v1/drafts/${id}/agreements`, [agreement]),
  ])
    expect([statusCode, JSON.parse(body).code]).toEqual([409, 'BATCH_STATE']);
  expect((await app.inject(`/v1/drafts/${id}`)).json().batch).toBe(imported.json().id);
  expect((await app.inject('/v1/drafts')).json().drafts[0].batch).toBe(imported.json().id);
  const batch = await world.open.ledger.requireBatch(imported.json().id);
  expect(batch).toMatchObject({ name: 'Corrected', source: 'customers.csv', by: 'local' });
  const stored = await rowsOf(world, batch.id);
  expect(stored.map(({ input }) => [input.line, input.fields[0], input.fields[3], input.fields[6]])).toEqual([
    [2, 'C100001', 'person1@customer.example', 'agreement-1.pdf'],
    [3, 'C100002', 'right@customer.example', 'agreement-2.pdf'],
    [5, 'C100004', 'person4@customer.example', '合同.pdf'],
  ]);
});

it('shows pages, only the bad rows, and a table of the problems', async () => {
  const app = await makeApp(await createWorld());
  const { id } = await makeDraft(app);
  const read = async (query: string) => (await app.inject(`/v1/drafts/${id}${query}`)).json();
  const first = await read('?limit=2');
  expect(first.page.map(({ row }: { row: number }) => row)).toEqual([1, 2]);
  const second = await read(`?limit=2&cursor=${first.next}`);
  expect([second.page.map(({ row }: { row: number }) => row), second.next]).toEqual([[3, 4], null]);
  const bad = await read('?only=bad&limit=2');
  expect(bad.page.map(({ row }: { row: number }) => row)).toEqual([2, 3]);
  expect((await read(`?only=bad&limit=2&cursor=${bad.next}`)).page).toMatchObject([{ row: 4 }]);
  const table = await app.inject(`/v1/drafts/${id}/errors.csv`);
  expect(table.body.split('\r\n')[1]).toBe('2,3,ContactMail,nobody,EMAIL_INVALID,is not an e-mail address');
  expect((await app.inject('/v1/drafts')).json().drafts).toMatchObject([{ id, name: 'customers.csv' }]);
});

it('says why a file is no table of customers, and reads it as a person says', async () => {
  const app = await makeApp(await createWorld());
  const content = csvOf(rows.slice(0, 1)).replace('CustName', 'Firm').replace('CustSpaceId', 'No');
  const upload = [
    { name: 'customers', filename: 'c.csv', content },
    { name: 'agreements', filename: 'agreement-1.pdf', content: agreementOf(rows[0] ?? {}) },
  ];
  const draft = (await post(app, '/v1/drafts', upload)).json();
  expect(draft).toMatchObject({ problem: { code: 'INPUT_HEADER' }, rows: { total: 0 } });
  const { body: table } = await app.inject(`/v1/drafts/${draft.id}/errors.csv`);
  expect(table.split('\r\n')[1]).toMatch(/^,,,,INPUT_HEADER,/);
  expect(draft.columns.map(({ name }: { name: string }) => name)).toContain('Firm');
  const options = { map: { CustName: 'Firm', CustSpaceId: 'No' } };
  const mapped = (await patch(app, draft.id, { options })).json();
  expect(mapped).toMatchObject({ rows: { total: 1, good: 1 }, options });
  expect(mapped.problem).toBeUndefined();
  expect(mapped.fields).toContainEqual({ field: 'CustName', column: 'Firm' });
  const wrong = await patch(app, draft.id, { options: { headerRow: 'x' } });
  expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'REQUEST_INVALID']);
  // Another header makes other rows, to which no correction belongs.
  await patch(app, draft.id, { leaveOut: [1] });
  expect((await patch(app, draft.id, { options: { headerRow: 1 } })).json().rows.leftOut).toBe(0);
});

it('is only its owner’s, and nobody else can read its files', async () => {
  const world = await createWorld();
  const users = await makeUsers(world);
  const password = await quickHash(PASSWORD);
  const other = { name: 'other', role: 'operator', password, changed: new Date().toISOString() } as const;
  await changeUsersFile(users.ONBOARD_USERS, (known) => [...known, other]);
  const app = await makeApp(world, users);
  const [cookie, stranger] = [await logIn(app, 'operator'), await logIn(app, 'other')];
  const mine = await post(app, '/v1/drafts', parts(), { headers: cookie });
  expect(mine.statusCode).toBe(201);
  const { id } = mine.json();
  const url = `/v1/drafts/${id}`;
  expect((await app.inject({ url, headers: cookie })).statusCode).toBe(200);
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/errors.csv'],
    ['DELETE', ''],
    ['POST', '/import'],
  ] as const) {
    const { statusCode, body } = await app.inject({ method, url: `${url}${path}`, headers: stranger });
    expect([statusCode, JSON.parse(body).code]).toEqual([404, 'DRAFT_UNKNOWN']);
  }
  for (const folder of ['', 'owners', 'uploads'])
    expect((await stat(join(rootOf(world), folder))).mode & 0o777).toBe(0o700);
  expect((await app.inject({ method: 'DELETE', url, headers: cookie })).statusCode).toBe(204);
  expect((await app.inject({ url, headers: cookie })).statusCode).toBe(404);
  expect((await app.inject({ url: '/v1/drafts/..%2F..%2Fuploads', headers: cookie })).statusCode).toBe(404);
});

it('finds the batch of a process that was killed before it noted it, and makes one of two clicks', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const { id } = (await post(app, '/v1/drafts', batchParts([makeCustomer(1)]))).json();
  const order = { method: 'POST', url: `/v1/drafts/${id}/import` } as const;
  const twins = await Promise.all([app.inject(order), app.inject({ ...order, payload: { name: 'Other' } })]);
  const [first, second] = twins.map((answer) => answer.json().id);
  expect([twins[0]?.statusCode, second]).toEqual([202, first]);
  // As it was before the note.
  const [owner = ''] = await readdir(join(rootOf(world), 'owners'));
  const note = join(rootOf(world), 'owners', owner, id, 'draft.json');
  const { batch, ...before } = JSON.parse(await readFile(note, 'utf8'));
  expect(batch).toBe(first);
  await writeFile(note, JSON.stringify(before));
  expect((await app.inject(order)).json().id).toBe(first);
  expect((await world.open.ledger.listBatches(10)).length).toBe(1);
  expect(JSON.parse(await readFile(note, 'utf8')).batch).toBe(first);
});

/** A folder as an upload leaves it. */
async function makeFolder(world: World, name: string): Promise<string> {
  const folder = join(rootOf(world), 'uploads', name);
  for (const part of ['table', 'agreements']) await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, 'table', 'c.csv'), csvOf(makeCustomers(1)));
  return folder;
}

it('keeps twenty drafts of a user for a day, and sweeps what is older', async () => {
  const world = await createWorld();
  let now = Date.now();
  const drafts = new Drafts(rootOf(world), () => now);
  const draft = { name: 'c.csv', options: {}, remarks: [] };
  for (let number = 0; number < 20; number++)
    await drafts.add('me', await makeFolder(world, `up-${number}`), draft);
  const left = await makeFolder(world, 'up-of-a-process-that-was-killed');
  await expect(drafts.add('me', left, draft)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  await drafts.sweep();
  expect([(await drafts.list('me')).length, await readdir(join(rootOf(world), 'uploads'))]).toEqual([
    20,
    ['up-of-a-process-that-was-killed'],
  ]);
  now += 2 * DAY_MS;
  expect(await drafts.list('me')).toEqual([]);
  await drafts.sweep();
  expect(await readdir(rootOf(world), { recursive: true })).toEqual(
    expect.not.arrayContaining([expect.stringContaining('.csv')]),
  );
});

it('keeps no more of them than that if they come at the same time', async () => {
  const world = await createWorld();
  const drafts = new Drafts(rootOf(world));
  const draft = { name: 'c.csv', options: {}, remarks: [] };
  const coming = Array.from({ length: 30 }, (_, number) =>
    drafts.whileRoom('me', async () => drafts.add('me', await makeFolder(world, `up-${number}`), draft)),
  );
  const ends = await Promise.allSettled(coming);
  expect(ends.filter(({ status }) => status === 'fulfilled').length).toBe(20);
  expect((await drafts.list('me')).length).toBe(20);
});
