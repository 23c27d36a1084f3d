import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import type { Api } from '../../src/http/api-instance.ts';
import { openUploadFolder, type UploadFolder } from '../../src/http/upload/folder.ts';
import { CUSTOMER_LIMITS, type UploadLimits } from '../../src/http/upload/limits.ts';
import { OneFile } from '../../src/http/upload/one-file.ts';
import { receiveParts } from '../../src/http/upload/receive.ts';
import { takeUploads } from '../../src/http/upload/uploads.ts';
import { makeCustomer } from '../support/customers.ts';
import { makeApp } from '../support/pages.ts';
import {
  agreementOf,
  batchParts,
  csvOf,
  customerParts,
  encodeParts,
  type Part,
  post,
} from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';
import { makeZip } from '../support/zip.ts';

const row = makeCustomer(1);
const LINK = 0o120777 * 2 ** 16;

async function expectNothingLeft(world: World) {
  expect(await world.open.ledger.listBatches(10)).toEqual([]);
  expect(await readdir(join(world.folder, 'drafts', 'uploads')).catch(() => [])).toEqual([]);
}

const withZip = (...entries: Parameters<typeof makeZip>[0]): Part[] => [
  { name: 'customers', filename: 'c.csv', content: csvOf([row]) },
  { name: 'agreements', filename: 'signed.zip', content: makeZip(entries) },
];
const name = row.IsvTerms ?? '';
const content = agreementOf(row);
const withAgreement = (filename: string) => [
  ...batchParts([row]).slice(0, 1),
  { name: 'agreements', filename, content },
];

it.each<[string, Part[], number, string]>([
  ['a name that leads out', withAgreement('../a.pdf'), 422, 'AGREEMENT_OUTSIDE'],
  ['a name that leads out, for Windows', withAgreement('..\\a.pdf'), 422, 'AGREEMENT_OUTSIDE'],
  ['an absolute name', withAgreement('/etc/passwd'), 422, 'AGREEMENT_OUTSIDE'],
  ['an entry that leads out', withZip({ name: `../${name}`, content }), 422, 'INPUT_INVALID'],
  [
    'an entry that is a link',
    withZip({ name, content: '/etc/passwd', attributes: LINK }),
    422,
    'INPUT_INVALID',
  ],
  ['two entries of one name', withZip({ name, content }, { name, content }), 422, 'INPUT_UNREADABLE'],
  ['an archive that is damaged', withZip({ name, content, crc: 1 }), 422, 'INPUT_UNREADABLE'],
  ['an archive that lies about a size', withZip({ name, content, size: 5 }), 422, 'INPUT_UNREADABLE'],
  [
    'two agreements of one name',
    [...batchParts([row]), ...batchParts([row]).slice(1)],
    400,
    'REQUEST_INVALID',
  ],
  [
    'two files of customers',
    [...batchParts([row]), ...batchParts([row]).slice(0, 1)],
    400,
    'REQUEST_INVALID',
  ],
  ['no file of customers', batchParts([row]).slice(1), 400, 'REQUEST_INVALID'],
  ['a part that nobody knows', [...batchParts([row]), { name: 'by', content: 'me' }], 400, 'REQUEST_INVALID'],
  ['a part named like a prototype', [{ name: '__proto__', content: '1' }], 400, 'REQUEST_INVALID'],
  ['options of another kind', batchParts([row], { by: 'somebody' }), 400, 'REQUEST_INVALID'],
  ['options that are too long', batchParts([row], { name: 'x'.repeat(70_000) }), 413, 'BODY_TOO_LARGE'],
])('refuses %s, and leaves nothing', async (_what, parts, status, code) => {
  const world = await createWorld();
  const response = await post(await makeApp(world), '/v1/batches', parts);
  expect([response.statusCode, response.json().code]).toEqual([status, code]);
  await expectNothingLeft(world);
});

it('refuses what is larger than it may be, also where only an archive holds so much', async () => {
  const world = await createWorld();
  const app = await makeApp(world, { ONBOARD_UPLOAD_MB: '1' });
  const zeros = Buffer.alloc(1024 * 1024 + 1);
  const large = await post(app, '/v1/batches', [{ name: 'customers', filename: 'c.csv', content: zeros }]);
  expect([large.statusCode, large.json().code, large.headers.connection]).toEqual([
    ...[413, 'BODY_TOO_LARGE', 'close'],
  ]);
  const bomb = await post(app, '/v1/batches', withZip({ name: 'a.pdf', content: zeros }));
  expect([bomb.statusCode, bomb.json().code]).toEqual([422, 'INPUT_UNREADABLE']);
  const agreement = { name: 'agreement', filename: 'a.pdf', content: Buffer.alloc(5 * 1024 * 1024) };
  const customer = await post(app, '/v1/customers', [...customerParts(row).slice(0, 1), agreement]);
  expect([customer.statusCode, customer.json().code]).toEqual([413, 'BODY_TOO_LARGE']);
  await expectNothingLeft(world);
});

it('refuses other types, a body that breaks off, and a page of another site', async () => {
  const world = await createWorld();
  const app = await makeApp(world);
  const ask = async (headers: Record<string, string>, payload: string | Buffer) => {
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/v1/batches', headers, payload });
    return [statusCode, JSON.parse(body).code];
  };
  expect(await ask({ 'content-type': 'application/pdf' }, 'x')).toEqual([415, 'MEDIA_TYPE_REFUSED']);
  expect(await ask({ 'content-type': 'application/json' }, '{"customers":')).toEqual([
    400,
    'REQUEST_INVALID',
  ]);
  expect(await ask({ 'content-type': 'application/json' }, '[]')).toEqual([400, 'REQUEST_INVALID']);
  const { headers, payload } = encodeParts(batchParts([row]));
  expect(await ask(headers, payload.subarray(0, -40))).toEqual([400, 'REQUEST_INVALID']);
  expect(await ask({ 'content-type': 'multipart/form-data' }, payload)).toEqual([400, 'REQUEST_INVALID']);
  const foreign = { ...headers, origin: 'https://evil.example' };
  expect(await ask(foreign, payload)).toEqual([403, 'ORIGIN_REFUSED']);
  await expectNothingLeft(world);
});

/** An application that takes parts with limits of its own. */
async function takeParts(
  world: World,
  limits: Partial<UploadLimits>,
  openPlace: (root: string) => Promise<UploadFolder | OneFile> = openUploadFolder,
) {
  const app = Fastify();
  onTestFinished(() => app.close());
  await takeUploads(app as unknown as Api);
  app.post('/', async (request) => {
    await using into = await openPlace(join(world.folder, 'drafts'));
    const order = { into, agreements: 'agreements', texts: ['text'] };
    const { digest } = await receiveParts(request, { ...order, limits: { ...CUSTOMER_LIMITS, ...limits } });
    return { digest };
  });
  return app;
}

const openOne = async (root: string) => new OneFile(root);

it.each([
  [{ silenceMs: 20 }, openUploadFolder],
  [{ withinMs: 20 }, openUploadFolder],
  [{ silenceMs: 20 }, openOne],
])('gives up an upload that never ends: %j', async (limits, openPlace) => {
  const world = await createWorld();
  const app = await takeParts(world, limits, openPlace);
  const { headers, payload } = encodeParts(withAgreement('a.pdf').slice(1));
  const endless = new Readable({ read: () => undefined });
  endless.push(payload.subarray(0, -100));
  const response = await app.inject({ method: 'POST', url: '/', headers, payload: endless });
  expect([response.statusCode, response.json().code]).toEqual([408, 'REQUEST_INVALID']);
  await expectNothingLeft(world);
});

it('takes no more parts than it may', async () => {
  const app = await takeParts(await createWorld(), { partsMax: 3 });
  const parts = Array.from({ length: 5 }, () => ({ name: 'text', content: '1' }));
  const response = await post(app, '/', parts);
  expect([response.statusCode, response.json().code]).toEqual([413, 'BODY_TOO_LARGE']);
});

it.each([
  ['of more bytes than are read as a whole', [{ CustName: 'x'.repeat(3_000_000) }], 413],
  ['of more customers than one body may have', Array.from({ length: 60_000 }, () => ({})), 400],
])('refuses JSON %s', async (_which, customers, status) => {
  const app = await makeApp(await createWorld());
  const answer = await app.inject({ method: 'POST', url: '/v1/batches/validate', payload: { customers } });
  expect([answer.statusCode, answer.json().code]).toEqual([status, expect.any(String)]);
});

it('takes a part that has a type and no name for what it is', async () => {
  const app = await makeApp(await createWorld());
  const boundary = 'b';
  const head = 'Content-Disposition: form-data; name="customers"\r\nContent-Type: application/octet-stream';
  const payload = `--${boundary}\r\n${head}\r\n\r\na\r\n--${boundary}--\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  const answer = await app.inject({ method: 'POST', url: '/v1/batches', payload, headers });
  expect([answer.statusCode, answer.json().code]).toEqual([422, 'AGREEMENT_OUTSIDE']);
});
