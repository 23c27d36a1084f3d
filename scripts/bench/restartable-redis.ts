/** A Redis alone that can be killed and started again, with `appendfsync always`. Needs `redis-server` on PATH. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { DURABLE, freePort, placeOf } from '../../src/sandbox/local-redis.ts';

export interface RestartableRedis {
  url: string;
  /** Ends it without warning, and resolves when it answers again with what it has kept. */
  killAndStart(): Promise<void>;
  close(): Promise<void>;
}

export async function openRestartableRedis(): Promise<RestartableRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const start = () =>
    new ChildProgram([...DURABLE, ...placeOf(port, folder)], {
      ...{ file: 'redis-server', stdout: 'ignore', stderr: 'ignore', endsLast: true, isApart: true },
    });
  let server = start();
  await waitUntilReady(url);
  return {
    url,
    async killAndStart() {
      await server.kill();
      server = start();
      await waitUntilReady(url);
    },
    async close() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** While it reads its file, it answers that it is loading; ioredis waits until it has. */
async function waitUntilReady(url: string): Promise<void> {
  const probe = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  await probe.ping();
  probe.disconnect();
}
