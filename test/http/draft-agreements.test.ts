/** Agreements that are added to a draft. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { expect, it } from 'vitest';
import { Drafts } from '../../src/draft/drafts.ts';
import { makeCustomer } from '../support/customers.ts';
import { makeApp } from '../support/pages.ts';
import { makePdf } from '../support/pdf.ts';
import { agreementOf, batchParts, type Part, post } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';
import { makeZip } from '../support/zip.ts';

const OWNER = JSON.stringify(['local', 'local', null]);
const rows = [makeCustomer(1), makeCustomer(2)];
const pdf = (filename: string, content: Buffer = makePdf(['Another', filename])): Part => ({
  ...{ name: 'agreements', filename, content },
});

async function makeDraft(app: FastifyInstance, parts: readonly Part[] = batchParts(rows)): Promise<string> {
  return (await post(app, '/v1/drafts', parts)).json().id;
}

/** As if the process had been killed before it noted the batch. */
async function forgetBatch(world: World, id: string): Promise<void> {
  const path = join((await find(world, id)).folder, 'draft.json');
  const { batch: _batch, ...kept } = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(kept));
}

const find = (world: World, id: string) => new Drafts(join(world.folder, 'drafts')).find(OWNER, id);

it('are a change, so that what is registered then is another batch', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const id = await makeDraft(
    app,
    batchParts(rows).filter(({ filename }) => filename !== 'agreement-2.pdf'),
  );
  const register = async (key: string) => {
    const headers = { 'idempotency-key': key };
    const payload = { skipInvalid: true };
    return (await app.inject({ method: 'POST', url: `/v1/drafts/${id}/import`, headers, payload })).json();
  };
  const first = await register('first');
  expect(first.rows).toBe(1);
  // A second click has another key.
  expect((await register('second')).id).toBe(first.id);
  await forgetBatch(world, id);
  expect((await register('third')).id).toBe(first.id);
  await forgetBatch(world, id);
  await post(app, `/v1/drafts/${id}/agreements`, [pdf('agreement-2.pdf')]);
  const other = await register('fourth');
  expect([other.id === first.id, other.rows]).toEqual([false, 2]);
});

it('of one row replace no agreement of another one', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const id = await makeDraft(app);
  const drop = async (part: Part) =>
    (await post(app, `/v1/drafts/${id}/agreements?row=2`, [part])).json().page[1].cells.IsvTerms;
  const other = pdf('agreement-1.pdf');
  expect(await drop(other)).toBe('agreement-1 (2).pdf');
  const { agreements } = await find(world, id);
  expect(await readFile(join(agreements, 'agreement-1.pdf'))).toEqual(agreementOf(rows[0] ?? {}));
  expect(await readFile(join(agreements, 'agreement-1 (2).pdf'))).toEqual(other.content);
  // What is there already is not there twice.
  expect(await drop(other)).toBe('agreement-1 (2).pdf');
  expect(await drop(pdf('agreement-1.pdf', agreementOf(rows[0] ?? {})))).toBe('agreement-1.pdf');
  expect(await drop(pdf('agreement-1.pdf', makePdf(['A third'])))).toBe('agreement-1 (3).pdf');
});

it('are all refused if one has no place', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const id = await makeDraft(app, [...batchParts(rows), pdf('signed')]);
  const content = makeZip([
    { name: 'a.pdf', content: 'a' },
    { name: 'signed/x.pdf', content: 'x' },
  ]);
  const zip = { name: 'agreements', filename: 'all.zip', content };
  const added = await post(app, `/v1/drafts/${id}/agreements`, [zip]);
  expect([added.statusCode, added.json().code]).toEqual([400, 'REQUEST_INVALID']);
  expect((await app.inject(`/v1/drafts/${id}`)).json().agreements.files).toBe(3);
});

it('and all else of a draft may be deleted while somebody reads or changes it', async () => {
  const app = await makeApp(await createWorld());
  const id = await makeDraft(app);
  const url = `/v1/drafts/${id}`;
  const orders = Array.from({ length: 8 }, () => [
    app.inject(url),
    app.inject({ method: 'PATCH', url, payload: { leaveOut: [1] } }),
  ]).flat();
  const answers = await Promise.all([...orders, app.inject({ method: 'DELETE', url }), app.inject(url)]);
  for (const { statusCode } of answers) expect([200, 204, 404, 429]).toContain(statusCode);
  expect((await app.inject(url)).statusCode).toBe(404);
});

it('belong to a draft as soon as it names them, though a process was killed before it moved them', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const id = await makeDraft(app, [...batchParts(rows).slice(0, 2)]);
  const { folder, ...draft } = await find(world, id);
  const bring = async (name: string, file: string) => {
    await mkdir(join(folder, name, 'sub'), { recursive: true });
    await writeFile(join(folder, name, 'sub', file), agreementOf(rows[1] ?? {}));
  };
  // One was killed before it named what it had brought, and one after that.
  await bring('adding-unnamed', 'unnamed.pdf');
  await writeFile(join(folder, 'draft.json.half'), '{');
  await bring('adding-named', 'named.pdf');
  const { table: _table, agreements: _agreements, expires: _expires, ...kept } = draft;
  const cells = { 2: { IsvTerms: 'sub/named.pdf' } };
  await writeFile(join(folder, 'draft.json'), JSON.stringify({ ...kept, cells, adding: 'adding-named' }));
  const read = async () => (await app.inject(`/v1/drafts/${id}`)).json();
  // Whoever opens it at the same time finds the same.
  for (const shown of await Promise.all([read(), read(), read()]))
    expect(shown).toMatchObject({ rows: { good: 2, bad: 0 }, agreements: { files: 2, unused: [] } });
  expect((await readdir(folder)).sort()).toEqual([
    ...['adding-unnamed', 'agreements', 'draft.json', 'draft.json.half', 'table'],
  ]);
  // It may still be under way elsewhere; after a minute it is not.
  const later = new Drafts(join(world.folder, 'drafts'), () => Date.now() + 120_000);
  await later.find(OWNER, id);
  expect((await readdir(folder)).sort()).toEqual(['agreements', 'draft.json', 'table']);
});

it('are there with the change that they came with, or not at all', async () => {
  const world = await createWorld();
  const drafts = new Drafts(join(world.folder, 'drafts'));
  const id = await makeDraft(await makeApp(world));
  const from = join(world.folder, 'incoming');
  await mkdir(from);
  await writeFile(join(from, 'new.pdf'), makePdf(['new']));
  const refuse = async () => Promise.reject(new Error('refused'));
  await expect(drafts.addAgreements({ owner: OWNER, id, from }, refuse)).rejects.toThrow('refused');
  expect(await readdir((await find(world, id)).agreements)).not.toContain('new.pdf');
  const added = await drafts.addAgreements({ owner: OWNER, id, from }, async () => ({ leftOut: [1] }));
  expect([added.leftOut, await readdir(added.agreements)]).toEqual([
    [1],
    expect.arrayContaining(['new.pdf']),
  ]);
});
