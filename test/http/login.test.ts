import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { UserCases } from '../../src/onboarding/user-cases.ts';
import { changeUsersFile } from '../../src/onboarding/users-file.ts';
import { logIn, makeApp, makeUsers, PASSWORD, postLogin, quickHash } from '../support/pages.ts';
import { createWorld } from '../support/world.ts';

async function makeLogin(more: Record<string, string> = {}) {
  const clock = { now: Date.now() };
  const world = await createWorld();
  const users = await makeUsers(world);
  const app = await makeApp(world, { ...users, ...more }, { now: () => clock.now });
  const statusWith = async (headers: object) =>
    (await app.inject({ url: '/metrics', headers: { ...headers } })).statusCode;
  return { app, clock, path: users.ONBOARD_USERS, statusWith };
}

it('begins a session in a cookie that only our own pages get, and goes on where somebody wanted to be', async () => {
  const { app, statusWith } = await makeLogin();
  const response = await postLogin(app, { name: 'viewer', password: PASSWORD, next: '/queues?a=1' });
  expect([response.statusCode, response.headers.location]).toEqual([303, '/queues?a=1']);
  const [cookie] = response.cookies;
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(cookie?.secure).toBeUndefined();
  const value = cookie?.value ?? '';
  expect(await statusWith({ cookie: `onboard_session=${value}` })).toBe(200);
  expect(await statusWith({ cookie: `onboard_session=${value.replace(/^./, 'X')}` })).toBe(401);
});

it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/a\nb'])(
  'never sends anybody on to %j',
  async (next) => {
    const { app } = await makeLogin();
    const { headers } = await postLogin(app, { name: 'viewer', password: PASSWORD, next });
    expect(headers.location).toBe('/');
  },
);

it('answers a wrong password and a name that nobody has alike, and shows neither as it is', async () => {
  const { app } = await makeLogin();
  const wrong = await postLogin(app, { name: 'viewer', password: 'wrong' });
  const unknown = await postLogin(app, { name: '"><script>', password: 'wrong' });
  expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
  expect(unknown.body).toContain('value="&quot;&gt;&lt;script&gt;"');
  expect(unknown.body.replace('&quot;&gt;&lt;script&gt;', 'viewer')).toBe(wrong.body);
  expect(wrong.cookies).toEqual([]);
});

it.each(['null', '[]', '"x"', '{"name":["viewer"],"password":{}}', '{"name":1,"next":[2]}'])(
  'takes what is not our form for a wrong password: %s',
  async (payload) => {
    const { app } = await makeLogin();
    const headers = { 'content-type': 'application/json' };
    expect((await app.inject({ method: 'POST', url: '/login', headers, payload })).statusCode).toBe(401);
  },
);

describe('a session ends', () => {
  it('at once when its user is removed, or has another password', async () => {
    const { app, path, statusWith } = await makeLogin();
    const [viewer, operator] = [await logIn(app, 'viewer'), await logIn(app, 'operator')];
    await new UserCases(path).remove('viewer');
    expect([await statusWith(viewer), await statusWith(operator)]).toEqual([401, 200]);
    const password = await quickHash('another long password');
    await changeUsersFile(path, (users) => users.map((user) => ({ ...user, password })));
    expect(await statusWith(operator)).toBe(401);
  });

  it('when somebody logs out, also for a cookie that was copied', async () => {
    const { app, statusWith } = await makeLogin();
    const headers = await logIn(app, 'viewer');
    const response = await app.inject({ method: 'POST', url: '/logout', headers });
    expect([response.statusCode, response.headers.location]).toEqual([303, '/login']);
    expect(await statusWith(headers)).toBe(401);
  });

  it('an hour after its last use, and after twelve hours of use', async () => {
    const { app, clock, statusWith } = await makeLogin();
    let headers = await logIn(app, 'viewer');
    const idle = headers;
    for (let minutes = 30; minutes < 12 * 60; minutes += 30) {
      clock.now += 30 * 60_000;
      const { statusCode, cookies } = await app.inject({ url: '/metrics', headers });
      expect(statusCode).toBe(200);
      headers = { cookie: `${cookies[0]?.name}=${cookies[0]?.value}` };
    }
    expect(await statusWith(idle)).toBe(401);
    clock.now += 31 * 60_000;
    expect(await statusWith(headers)).toBe(401);
  });

  it('while the file of users cannot be read', async () => {
    const { app, path, statusWith } = await makeLogin();
    const headers = await logIn(app, 'operator');
    await writeFile(path, '{"users": [');
    expect(await statusWith(headers)).toBe(401);
  });
});

it('limits attempts for a name, from whatever address, and says when to try again', async () => {
  const { app } = await makeLogin({ ONBOARD_TRUSTED_PROXIES: '127.0.0.1' });
  const from = (n: number) =>
    postLogin(app, { name: 'viewer', password: 'wrong' }, { 'x-forwarded-for': `10.0.0.${n}` });
  for (let n = 0; n < 10; n++) expect((await from(n)).statusCode).toBe(401);
  const limited = await from(11);
  expect(limited.statusCode).toBe(429);
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(200);
  // The right one is not even looked at.
  expect((await postLogin(app, { name: 'viewer', password: PASSWORD })).statusCode).toBe(429);
  expect((await postLogin(app, { name: 'operator', password: PASSWORD })).statusCode).toBe(303);
});

it('limits attempts of an address, whatever the names, and holds a flood within bounds', async () => {
  const { app } = await makeLogin();
  const flood = await Promise.all(
    Array.from({ length: 300 }, (_, n) => postLogin(app, { name: `name${n}`, password: 'wrong' })),
  );
  const compared = flood.filter(({ statusCode }) => statusCode === 401).length;
  expect(compared).toBeLessThanOrEqual(30);
  expect(flood.filter(({ statusCode }) => statusCode === 429)).toHaveLength(300 - compared);
  expect((await app.inject('/healthz')).statusCode).toBe(200);
});

it('speaks Chinese to a browser that prefers it, and has no script and no style of its own', async () => {
  const { app } = await makeLogin();
  const page = await app.inject({ url: '/login', headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' } });
  expect(page.body).toContain('<html lang="zh">');
  expect(page.body).not.toMatch(/<script|<style| style=/);
  expect((await app.inject('/login')).body).toContain('<html lang="en">');
  expect((await app.inject('/login.css')).headers['content-type']).toContain('text/css');
});

describe('behind a proxy', () => {
  const more = {
    ONBOARD_BASE_PATH: '/isv',
    ONBOARD_TRUSTED_PROXIES: '127.0.0.1',
    ONBOARD_PUBLIC_URL: 'https://onboard.example.com/isv',
  };
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'onboard.example.com' };

  it('has everything below its path, and Secure cookies for that path', async () => {
    const { app } = await makeLogin(more);
    const headers = { ...forwarded, accept: 'text/html' };
    const page = await app.inject({ url: '/isv/queues', headers });
    expect(page.headers.location).toBe('/isv/login?next=%2Fisv%2Fqueues');
    const response = await app.inject({
      method: 'POST',
      url: '/isv/login',
      headers: { ...forwarded, origin: 'https://onboard.example.com' },
      payload: { name: 'viewer', password: PASSWORD },
    });
    expect(response.headers.location).toBe('/isv/');
    const [cookie] = response.cookies;
    expect(cookie).toMatchObject({ secure: true, path: '/isv' });
    const inside = { ...headers, cookie: `onboard_session=${cookie?.value}` };
    const board = await app.inject({ url: '/isv/queues', headers: inside });
    expect(board.body).toContain('<base href="/isv/queues/"');
    expect(board.body).toContain('"url":"/isv/logout"');
    expect((await app.inject('/isv/healthz')).statusCode).toBe(200);
    expect((await app.inject({ url: '/queues', headers: inside })).statusCode).toBe(404);
  });

  it('believes nobody else about host, protocol and address', async () => {
    const { app } = await makeLogin({ ONBOARD_TRUSTED_PROXIES: '10.0.0.1' });
    const page = { url: '/login', headers: { host: 'evil.example', 'x-forwarded-host': 'localhost' } };
    expect((await app.inject(page)).statusCode).toBe(421);
    const { cookies } = await postLogin(app, { name: 'viewer', password: PASSWORD }, forwarded);
    expect(cookies[0]?.secure).toBeUndefined();
  });
});
