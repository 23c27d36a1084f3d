import type { FastifyInstance } from 'fastify';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/http/listen.ts';
import { createLogger } from '../../src/logger.ts';
import type { Role } from '../../src/onboarding/user.ts';
import { STEPS } from '../../src/redis/keys.ts';
import { logIn, makeApp, makeUsers, openInstallation } from '../support/pages.ts';
import { uniqueName } from '../support/redis.ts';
import { createWorld, type World } from '../support/world.ts';

/** A key closes the pages of all that share its Redis, so these have a database of their own. */
const createKeyWorld = () => createWorld({ redisUrl: new URL('/5', inject('redisUrl')).href });

async function addKey(world: World, order: { role: Role; account?: string; expires?: number }) {
  const keys = await openInstallation(world).apiKeys();
  const name = uniqueName();
  const key = await keys.add({ name, by: 'test', ...order });
  onTestFinished(() => keys.revoke(name).catch(() => undefined));
  return { authorization: `Bearer ${key}`, revoke: () => keys.revoke(name) };
}

const pausing = (world: World, headers: object) => ({
  method: 'PUT' as const,
  url: `/queues/api/queues/uploads.rehearsal.${world.account.name}/pause`,
  headers: { ...headers },
});

const statusOf = async (app: FastifyInstance, url: string, headers: object = {}) =>
  (await app.inject({ url, headers: { ...headers } })).statusCode;

describe('without users and keys', () => {
  it('lets this machine in by its own names only', async () => {
    const app = await makeApp(await createWorld());
    for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000', 'LOCALHOST'])
      expect(await statusOf(app, '/metrics', { host })).toBe(200);
    for (const host of ['evil.example:3000', 'localhost.evil.example', '10.0.0.1', 'a@localhost']) {
      const response = await app.inject({ url: '/metrics', headers: { host } });
      expect([response.statusCode, response.json().code]).toEqual([421, 'HOST_REFUSED']);
    }
    expect(await statusOf(app, '/healthz', { host: '10.0.0.1:3000' })).toBe(200);
  });

  it.each([
    { origin: 'http://evil.example' },
    { origin: 'http://localhost:8080' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost' },
  ])("refuses what another site's page sends: %j", async (headers) => {
    const world = await createWorld();
    const app = await makeApp(world, { ONBOARD_BOARD_WRITE: 'true' });
    const response = await app.inject(pausing(world, headers));
    expect([response.statusCode, response.json().code]).toEqual([403, 'ORIGIN_REFUSED']);
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
    expect(await world.open.queues.upload.isPaused()).toBe(false);
    expect((await app.inject(pausing(world, { origin: 'http://localhost' }))).statusCode).toBe(200);
  });
});

it('takes a key for what its role and its account allow, until it ends', async () => {
  const world = await createKeyWorld();
  const app = await makeApp(world, { ONBOARD_BOARD_WRITE: 'true' });
  expect(await statusOf(app, '/metrics')).toBe(200);
  const viewer = await addKey(world, { role: 'viewer' });
  // From now on, nothing is open to everybody.
  expect(await statusOf(app, '/metrics')).toBe(401);
  expect(await statusOf(app, '/metrics', viewer)).toBe(200);
  expect((await app.inject(pausing(world, viewer))).statusCode).toBe(403);
  const operator = await addKey(world, { role: 'operator' });
  expect((await app.inject(pausing(world, operator))).statusCode).toBe(200);
  const restricted = await addKey(world, { role: 'operator', account: world.account.name });
  expect(await statusOf(app, '/metrics', restricted)).toBe(403);
  const expired = await addKey(world, { role: 'viewer', expires: Date.now() - 1 });
  expect(await statusOf(app, '/metrics', expired)).toBe(401);
  const wrong = viewer.authorization.replace(/.{4}$/, 'AAAA');
  for (const authorization of [wrong, 'Bearer x', 'Basic b3BzOm9wcw==', 'Bearer onboard.__proto__.x'])
    expect(await statusOf(app, '/metrics', { authorization })).toBe(401);
  await viewer.revoke();
  expect(await statusOf(app, '/metrics', viewer)).toBe(401);
});

it('lets a viewer look, and only an operator act', async () => {
  const world = await createWorld();
  const app = await makeApp(world, { ...(await makeUsers(world)), ONBOARD_BOARD_WRITE: 'true' });
  const [viewer, operator] = [await logIn(app, 'viewer'), await logIn(app, 'operator')];
  expect(await statusOf(app, '/queues', viewer)).toBe(200);
  expect(await statusOf(app, '/metrics', viewer)).toBe(200);
  const refused = await app.inject(pausing(world, viewer));
  expect([refused.statusCode, refused.json().code]).toEqual([403, 'FORBIDDEN']);
  for (const step of STEPS) expect(await world.open.queues[step].isPaused()).toBe(false);
  expect((await app.inject(pausing(world, operator))).statusCode).toBe(200);
});

it('is closed to strangers wherever nothing else is said, and keeps its pages to itself', async () => {
  const world = await createWorld();
  const app = await makeApp(world, await makeUsers(world));
  app.get('/undeclared', () => 'secret');
  expect(await statusOf(app, '/undeclared', await logIn(app, 'operator'))).toBe(403);
  for (const url of ['/', '/queues', '/queues/static/js/x.js', '/metrics', '/undeclared', '/no/such/page']) {
    const response = await app.inject(url);
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([401, expect.any(String)]);
    expect(response.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  }
  const page = await app.inject({ url: '/queues?a=1', headers: { accept: 'text/html' } });
  expect([page.statusCode, page.headers.location]).toEqual([303, '/login?next=%2Fqueues%3Fa%3D1']);
});

it('asks again from its own page where a link from elsewhere kept the cookie back', async () => {
  const world = await createWorld();
  const app = await makeApp(world, await makeUsers(world));
  const link = { accept: 'text/html', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  const at = (url: string) => app.inject({ url, headers: { ...link, 'sec-fetch-dest': 'document' } });
  expect((await at('/queues/x')).headers.refresh).toBe('0; url=/queues/x');
  expect((await at('//evil.example/x')).headers.refresh).toBe('0; url=/');
});

it('lets nobody in who comes through a proxy when the last key is gone', async () => {
  const world = await createKeyWorld();
  const app = await makeApp(world, { ONBOARD_PUBLIC_URL: 'https://onboard.example.com' });
  const { authorization, revoke } = await addKey(world, { role: 'viewer' });
  expect(await statusOf(app, '/metrics', { authorization })).toBe(200);
  await revoke();
  expect(await statusOf(app, '/metrics', { host: 'onboard.example.com' })).toBe(401);
  const open = await makeApp(world);
  expect(await statusOf(open, '/metrics', { 'x-forwarded-for': '10.0.0.1' })).toBe(401);
});

it('serves bull-board without anything of another host', async () => {
  const app = await makeApp(await createWorld());
  const { body, headers } = await app.inject('/queues');
  expect(body).toContain('static/js/main');
  expect(body).not.toMatch(/(href|src)="(https?:)?\/\//);
  expect(headers['content-security-policy']).toMatch(/script-src 'self';.*connect-src 'self'/);
});

it.each([
  [{ HTTP_HOST: '0.0.0.0' }, 'on 0.0.0.0'],
  [{ ONBOARD_TRUSTED_PROXIES: '127.0.0.1' }, 'through a proxy'],
  [{ ONBOARD_PUBLIC_URL: 'https://onboard.example.com' }, 'through a proxy'],
  [{ ONBOARD_USERS: '/nowhere/users.json' }, 'nobody in /nowhere/users.json'],
])('does not start unprotected where others can reach it: %j', async (more, message) => {
  const onboarding = openInstallation(await createWorld(), more);
  await expect(startServer({ onboarding, logger: createLogger('silent') })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(message),
  });
});
