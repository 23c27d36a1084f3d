/** The console as a server gives it out: pages, files, paths, and what happens where it was not built. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { logIn, makeApp, makeUsers, PASSWORD } from '../support/pages.ts';
import { createWorld, type World } from '../support/world.ts';

const SCRIPT = 'export const x = 1;';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** A folder as Vite leaves it. */
async function makeBuild({ folder }: World): Promise<string> {
  const build = join(folder, 'console');
  await mkdir(join(build, 'assets'), { recursive: true });
  await writeFile(join(build, 'index.html'), '<script type="module" src="./assets/index-abc.js"></script>');
  await writeFile(join(build, 'assets', 'index-abc.js'), SCRIPT);
  await writeFile(join(build, 'assets', 'index-abc.js.gz'), gzipSync(SCRIPT));
  return build;
}

it('is one page under each of its addresses, never kept, with files that are kept for ever', async () => {
  const world = await createWorld();
  const users = await makeUsers(world);
  const app = await makeApp(world, users, { consoleFolder: await makeBuild(world) });
  const inside = await logIn(app, 'viewer');
  for (const url of ['/', '/import', '/import/d1', '/batches/b1', '/customers/C1', '/reviews', '/doctor']) {
    const page = await app.inject({ url, headers: inside });
    expect([url, page.statusCode, page.headers['cache-control']]).toEqual([url, 200, 'no-store']);
    expect(page.body).toContain('src="/assets/index-abc.js"');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
  }
  const headers = { ...inside, 'accept-encoding': 'gzip' };
  const asset = await app.inject({ url: '/assets/index-abc.js', headers });
  expect(asset.headers).toMatchObject({
    'content-encoding': 'gzip',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': expect.stringContaining('javascript'),
  });
  expect((await app.inject({ url: '/assets/index-abc.js', headers: inside })).body).toBe(SCRIPT);
  expect((await app.inject({ url: '/assets/nothing.js', headers: inside })).statusCode).toBe(404);
  expect(
    (await app.inject({ url: '/assets/..%2f..%2fpackage.json', headers: inside })).statusCode,
  ).toBeGreaterThanOrEqual(400);
});

it('is below the base path, and for nobody who is not logged in', async () => {
  const world = await createWorld();
  const more = { ...(await makeUsers(world)), ONBOARD_BASE_PATH: '/isv' };
  const app = await makeApp(world, more, { consoleFolder: await makeBuild(world) });
  const asking = { headers: { accept: 'text/html' } };
  const stranger = await app.inject({ url: '/isv/batches/b1?row=2', ...asking });
  expect(stranger.headers.location).toBe('/isv/login?next=%2Fisv%2Fbatches%2Fb1%3Frow%3D2');
  expect((await app.inject('/isv/assets/index-abc.js')).statusCode).toBe(401);
  const form = { name: 'viewer', password: PASSWORD };
  const { cookies } = await app.inject({
    method: 'POST',
    url: '/isv/login',
    payload: new URLSearchParams(form).toString(),
    headers: FORM,
  });
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const page = await app.inject({ url: '/isv/', headers });
  expect(page.body).toContain('src="/isv/assets/index-abc.js"');
  expect((await app.inject({ url: '/isv/assets/index-abc.js', headers })).statusCode).toBe(200);
});

it('leads to the queues where it was not built', async () => {
  const world = await createWorld();
  const users = await makeUsers(world);
  const app = await makeApp(world, users, { consoleFolder: join(world.folder, 'nowhere') });
  const headers = await logIn(app, 'viewer');
  const page = await app.inject({ url: '/', headers });
  expect([page.statusCode, page.headers.location]).toEqual([302, '/queues']);
  expect((await app.inject({ url: '/reviews', headers })).statusCode).toBe(404);
});
