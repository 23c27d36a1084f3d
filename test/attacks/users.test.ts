/** Users and keys by the command line, in front of a server that runs. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { runProgram, startProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

const PASSWORDS = ['correct horse battery', 'another long password'];

it('users and keys that are made while the server runs get in, and get out when they are removed', async () => {
  const world = await createWorld({
    environment: { HTTP_PORT: '0', ONBOARD_BASE_PATH: '/isv' },
    redisUrl: new URL('/6', inject('redisUrl')).href,
  });
  const users = { ONBOARD_USERS: join(world.folder, 'users.json') };
  const withPassword = async (word: string, name: string, password: string, ...more: string[]) => {
    const input = join(world.folder, 'password');
    await writeFile(input, `${password}\n`);
    const parameters = [
      '-c',
      'exec "$@" < "$0"',
      input,
      process.execPath,
      ONBOARD,
      'user',
      word,
      name,
      ...more,
    ];
    const program = new ChildProgram(parameters, {
      file: '/bin/sh',
      env: { ...world.environment, ...users },
    });
    return (await program.ended).code;
  };
  expect(await withPassword('add', 'ops', 'short', '--role', 'operator')).toBe(2);
  expect(await withPassword('add', 'ops', PASSWORDS[0] ?? '', '--role', 'operator')).toBe(0);
  const program = startProgram(world, ['serve'], users);
  await expect.poll(() => program.output.stdout).toMatch(/^http:.*\/isv\/\n$/);
  const { origin } = new URL(program.output.stdout.trim());
  const logIn = async (password: string) => {
    const body = new URLSearchParams({ name: 'ops', password });
    const response = await fetch(`${origin}/isv/login`, { method: 'POST', body, redirect: 'manual' });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return { status: response.status, headers: { cookie } };
  };
  const statusWith = async (headers: Record<string, string>) =>
    (await fetch(`${origin}/isv/metrics`, { headers })).status;

  const first = await logIn(PASSWORDS[0] ?? '');
  expect([first.status, await statusWith(first.headers)]).toEqual([303, 200]);
  expect(await withPassword('passwd', 'ops', PASSWORDS[1] ?? '')).toBe(0);
  expect([await statusWith(first.headers), (await logIn(PASSWORDS[0] ?? '')).status]).toEqual([401, 401]);
  const second = await logIn(PASSWORDS[1] ?? '');
  expect(await statusWith(second.headers)).toBe(200);
  expect((await runProgram(world, ['user', 'remove', 'ops'], users)).code).toBe(0);
  expect(await statusWith(second.headers)).toBe(401);

  const made = await runProgram(world, ['key', 'add', 'grafana', '--role', 'viewer', '--expires', '+90d']);
  expect(made.stdout).toMatch(/^onboard\.grafana\.[\w-]{43}\n$/);
  const key = { authorization: `Bearer ${made.stdout.trim()}` };
  expect(await statusWith(key)).toBe(200);
  const listed = await runProgram(world, ['key', 'list']);
  expect(listed.stdout).toContain('grafana  viewer');
  expect(listed.stdout).not.toContain(made.stdout.trim());
  expect((await runProgram(world, ['key', 'add', 'grafana', '--role', 'viewer'])).code).toBe(2);
  expect((await runProgram(world, ['key', 'revoke', 'grafana'])).code).toBe(0);
  expect(await statusWith(key)).toBe(401);
  expect((await runProgram(world, ['status'], { ONBOARD_ADMIN_USER: 'ops' })).stderr).toContain(
    'ONBOARD_USERS',
  );
});
