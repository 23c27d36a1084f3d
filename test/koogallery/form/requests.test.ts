import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { expect, expectTypeOf, it, onTestFinished } from 'vitest';
import type { Field, FormView as Shown } from '../../../src/console/form/types.ts';
import type { InputField } from '../../../src/customer/fields.ts';
import { AppError } from '../../../src/errors.ts';
import { addForms } from '../../../src/http/form/routes.ts';
import type { BuyerFormOptions } from '../../../src/koogallery/form/buyer-form.ts';
import type { FormView } from '../../../src/koogallery/form/form-view.ts';
import { formTokenOf } from '../../../src/koogallery/form/link.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { createLogger } from '../../../src/logger.ts';
import { AGREEMENT, makeWaiting, openTestForm, TYPED } from '../../support/koogallery/form.ts';
import { encodeParts, type Part } from '../../support/uploads.ts';

const PARTS: Part[] = [
  { name: 'fields', content: JSON.stringify(TYPED) },
  { name: 'agreement', filename: 'signed.pdf', content: AGREEMENT.content },
];

/** A server with the form of one channel, and a page that stands for the build. */
async function serveForm(more: Partial<BuyerFormOptions> = {}) {
  const opened = await openTestForm(more);
  const app = Fastify();
  onTestFinished(() => app.close());
  const pageFolder = join(tmpdir(), `onboard-form-page-${opened.access.slug}`);
  await mkdir(join(pageFolder, 'assets'), { recursive: true });
  await writeFile(join(pageFolder, 'index.html'), '<script src="./assets/x.js"></script>');
  await writeFile(join(pageFolder, 'assets/x.js'), 'x');
  const uploadsFolder = join(pageFolder, 'uploads');
  const serving = { basePath: '/isv', publicUrl: 'https://isv.example/isv', pageFolder, uploadsFolder };
  await addForms(app, { forms: [opened.form], logger: createLogger('silent'), ...serving });
  const { channel } = opened;
  const token = formTokenOf(channel, 'i');
  const path = `/isv/form/${channel.slug}`;
  const headers = { 'form-token': token };
  const state = (changes: Record<string, string> = {}) =>
    app.inject({ url: `${path}/state`, headers: { ...headers, ...changes } });
  const submit = (parts: readonly Part[] = PARTS, changes: Record<string, string> = {}) => {
    const encoded = encodeParts(parts);
    const all = { ...headers, ...encoded.headers, ...changes };
    return app.inject({ method: 'POST', url: `${path}/submission`, headers: all, payload: encoded.payload });
  };
  return { ...opened, app, path, state, submit };
}

it('serves the page to anyone, to be framed, cached and fed from elsewhere by nobody', async () => {
  const { app, path } = await serveForm();
  const page = await app.inject({ url: path });
  expect(page.body).toContain('"/isv/form/assets/x.js"');
  expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
  const policy = String(page.headers['content-security-policy']);
  for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
    expect(policy).toContain(rule);
  expect(policy).not.toMatch(/unsafe|\*|data:|http/);
  const script = await app.inject({ url: '/isv/form/assets/x.js' });
  expect([script.statusCode, script.headers['cache-control']]).toEqual([
    200,
    expect.stringContaining('immutable'),
  ]);
  expect((await app.inject({ url: '/isv/form/assets/..%2findex.html' })).statusCode).not.toBe(200);
});

it('tells how the order stands, and takes the form', async () => {
  const { access, state, submit } = await serveForm();
  expect((await state()).statusCode).toBe(404);
  await makeWaiting(access);
  const open = await state();
  expect(open.headers['cache-control']).toBe('no-store');
  expect(open.json()).toMatchObject({ state: 'open', orderId: 'O-i', problems: [] });
  const bad = await submit([{ name: 'fields', content: '{"ContactMail":"x"}' }]);
  expect([bad.statusCode, bad.json().code]).toEqual([422, 'INPUT_INVALID']);
  expect(bad.json().errors).toContainEqual(
    expect.objectContaining({ field: 'ContactMail', code: 'EMAIL_INVALID' }),
  );
  expect(bad.json().errors).toContainEqual(expect.objectContaining({ field: 'IsvTerms', code: 'REQUIRED' }));
  for (const again of [await submit(), await submit()])
    expect([again.statusCode, again.json().state]).toEqual([202, 'received']);
  const other = await submit([{ name: 'fields', content: JSON.stringify({ ...TYPED, CustName: 'X' }) }]);
  expect([other.statusCode, other.json().code]).toEqual([409, 'FORM_CLOSED']);
});

it('knows no form for a wrong token, one of another channel or instance; many are too many, a right one is not', async () => {
  const { access, app, channel, path, state, submit } = await serveForm();
  await makeWaiting(access);
  const token = formTokenOf(channel, 'i');
  const others = [
    ...['', 'i', `${token}A`, token.slice(0, -1), token.replace(/^i/, 'j')],
    formTokenOf({ slug: 'other', sealKeys: channel.sealKeys }, 'i'),
    formTokenOf(channel, 'unknown'),
  ];
  for (const wrong of others) {
    const { statusCode, body } = await state({ 'form-token': wrong });
    expect([wrong, statusCode, JSON.parse(body).code]).toEqual([wrong, 404, 'FORM_UNKNOWN']);
  }
  const elsewhere = await app.inject({
    url: `${path.replace(channel.slug, 'nobody')}/state`,
    headers: { 'form-token': token },
  });
  expect(elsewhere.statusCode).toBe(404);
  const wrong = () => submit(PARTS, { 'form-token': 'guess' });
  const answers = await Promise.all(Array.from({ length: 70 }, wrong));
  expect(answers.at(-1)?.statusCode).toBe(429);
  expect(answers.at(-1)?.headers['retry-after']).toBeDefined();
  expect((await state()).statusCode).toBe(200);
  expect((await submit()).statusCode).toBe(202);
});

it('takes so many of one purchase in an hour, however often what was typed is refused; others are not held up', async () => {
  const { access, channel, state, submit } = await serveForm();
  for (const id of ['i', 'j']) await makeWaiting(access, id);
  const statuses: number[] = [];
  for (let count = 0; count < 61; count += 1) {
    const typed = { ...TYPED, CustName: `Shop ${count}` };
    statuses.push((await submit([{ name: 'fields', content: JSON.stringify(typed) }])).statusCode);
    await access.redis.hset(channelKeys(access.slug).instance('i'), { missing: '["CustName"]' });
  }
  expect(statuses.slice(1)).toEqual([...Array(59).fill(202), 429]);
  expect((await submit()).headers['retry-after']).toBeDefined();
  expect((await state()).statusCode).toBe(200);
  const other = { 'form-token': formTokenOf(channel, 'j') };
  expect((await submit(PARTS, other)).statusCode).toBe(202);
});

it('refuses requests of other pages', async () => {
  const { access, state, submit } = await serveForm();
  await makeWaiting(access);
  const foreign = [
    await submit(PARTS, { origin: 'https://evil.example' }),
    await submit(PARTS, { 'sec-fetch-site': 'cross-site' }),
    await state({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }),
  ];
  for (const { statusCode } of foreign) expect(statusCode).toBe(403);
  const own = { origin: 'https://isv.example', 'sec-fetch-site': 'same-origin' };
  expect((await submit(PARTS, own)).statusCode).toBe(202);
});

it('takes nothing but the form, in its size', async () => {
  const { access, app, path, submit, channel } = await serveForm();
  await makeWaiting(access);
  const [fields, agreement] = PARTS as [Part, Part];
  const of = async (parts: Part[]) => {
    const { statusCode, body } = await submit(parts);
    return `${statusCode} ${JSON.parse(body).code}`;
  };
  expect(await of([fields, agreement, agreement])).toBe('400 REQUEST_INVALID');
  expect(await of([fields, { name: 'other', content: 'x' }])).toBe('400 REQUEST_INVALID');
  expect(await of([{ name: 'fields', content: '{"__proto__":{},"a":"b"}' }])).toBe('400 REQUEST_INVALID');
  expect(await of([{ name: 'fields', content: '{' }])).toBe('400 REQUEST_INVALID');
  expect(await of([fields, { ...agreement, filename: '../../etc/passwd' }])).toBe('422 AGREEMENT_OUTSIDE');
  expect(await of([fields, { ...agreement, content: Buffer.alloc(5_000_000) }])).toBe('413 BODY_TOO_LARGE');
  expect(await of([fields, { ...agreement, content: Buffer.alloc(3_000_000, '%PDF') }])).toBe(
    '422 INPUT_INVALID',
  );
  const json = await app.inject({
    ...{ method: 'POST', url: `${path}/submission`, payload: { fields: TYPED } },
    headers: { 'form-token': formTokenOf(channel, 'i') },
  });
  expect([json.statusCode, json.json().code]).toEqual([415, 'MEDIA_TYPE_REFUSED']);
});

it('says nothing of the installation when something of it fails', async () => {
  const { access, state, submit } = await serveForm({
    store: async () => {
      throw new AppError('STORE_MISMATCH', 'Account sales keeps its agreements in /srv/secret on host7');
    },
  });
  await makeWaiting(access);
  const { statusCode, body, headers } = await submit();
  expect([statusCode, JSON.parse(body).code]).toEqual([503, 'SERVER_BUSY']);
  expect(body).not.toMatch(/sales|secret|host7/);
  expect(headers['retry-after']).toBeDefined();
  // Nothing was taken.
  expect((await state()).json().state).toBe('open');
});

it('has the same words on both sides', () => {
  expectTypeOf<Field>().toEqualTypeOf<InputField>();
  expectTypeOf<FormView['state']>().toEqualTypeOf<Shown['state']>();
  expectTypeOf<keyof FormView>().toEqualTypeOf<keyof Shown>();
});
