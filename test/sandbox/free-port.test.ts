import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../src/sandbox/local-redis.ts';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
/** By default; a machine may be set to others, of which none can be kept free. */
const FIRST_OF_SYSTEM = '32768';
const isUsual = existsSync(RANGE) && readFileSync(RANGE, 'utf8').startsWith(FIRST_OF_SYSTEM);

it.runIf(isUsual)('is none that the system gives to others before it is in use', async () => {
  const [first = 0, last = 0] = readFileSync(RANGE, 'utf8').split(/\s+/).map(Number);
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(ports.filter((port) => port >= first && port <= last)).toEqual([]);
  expect(new Set(ports).size).toBe(ports.length);
});

it('can be listened to', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  server.close();
});
