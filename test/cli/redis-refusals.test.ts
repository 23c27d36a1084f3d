/** What Redis refuses is said in one sentence, the same by every program, and never with the password. */
import { expect, inject, it } from 'vitest';
import { runProgram } from '../support/programs.ts';
import { askServer, startSingleRedis } from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

const withServer = it.skipIf(!inject('hasRedisServer'));

withServer('a wrong password', async () => {
  const { url, server } = await startSingleRedis();
  const world = await createWorld();
  await askServer(server.port, 'CONFIG', 'SET', 'requirepass', 'right-secret');
  const REDIS_URL = url.replace('//', '//:wrong-secret@');
  const address = `127.0.0.1:${server.port}`;
  const commands = [['status'], ['pause'], ['worker'], ['serve'], ['doctor']];
  const ended = await Promise.all(
    commands.map((command) => runProgram(world, command, { REDIS_URL, HTTP_PORT: '0' })),
  );
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    const said = stdout + stderr;
    expect([commands[index], code, said]).toEqual([commands[index], 2, expect.stringContaining(said)]);
    expect(said).toContain(`Redis at ${address} refuses: wrong user or password.`);
    expect(said).not.toMatch(/secret|\n {4}at /);
  }
});

withServer('a full memory', async () => {
  const { url, server } = await startSingleRedis();
  const world = await createWorld();
  await askServer(server.port, 'CONFIG', 'SET', 'maxmemory', '1');
  const { code, stderr } = await runProgram(world, ['pause'], { REDIS_URL: url });
  expect(code).toBe(2);
  expect(stderr).toContain(
    `Redis at 127.0.0.1:${server.port} refuses: its memory is full, and it accepts nothing more.`,
  );
  expect(stderr).not.toContain('    at ');
});
