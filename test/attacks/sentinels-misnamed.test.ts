/** What a person is told of Sentinels that are away, are none, or watch something else. */
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { openRedis } from '../../src/redis/open.ts';
import { findObstacle } from '../../src/redis/permissions.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { askServer, startSentinel, startSingleRedis } from '../support/redis-servers.ts';

async function open(url: string) {
  const redis = await openRedis({ url }, { waitsForever: false });
  onTestFinished(() => redis.disconnect());
  return redis;
}

describe.skipIf(!inject('hasRedisServer'))('Sentinels', () => {
  it('are away, are none, or do not know the master: each is said as it is', async () => {
    const { server } = await startSingleRedis();
    const { port } = await startSentinel([`sentinel monitor main 127.0.0.1 ${server.port} 1`]);
    const away = await freePort();
    const told = async (url: string) => open(url).catch(({ message }: Error) => message);
    expect(
      await Promise.all(
        [away, server.port, port].map((at) => told(`redis-sentinel://127.0.0.1:${at}/other`)),
      ),
    ).toEqual([
      `Redis does not answer at 127.0.0.1:${away} (Sentinels of other): no connection (ECONNREFUSED).`,
      `Redis at 127.0.0.1:${server.port} (Sentinels of other) refuses: it is no Sentinel.`,
      `At 127.0.0.1:${port} (Sentinels of other), no master of this name is known.`,
    ]);
  });

  it('may be away but for one, without a stack trace', async () => {
    const { server } = await startSingleRedis();
    const { port } = await startSentinel([`sentinel monitor main 127.0.0.1 ${server.port} 1`]);
    const print = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => print.mockRestore());
    const redis = await open(`redis-sentinel://127.0.0.1:${await freePort()},127.0.0.1:${port}/main`);
    expect(await redis.ping()).toBe('PONG');
    expect(print).not.toHaveBeenCalled();
  });
});

it.skipIf(!inject('hasRedisServer'))(
  'a replica lets us in and accepts nothing, which is found out',
  async () => {
    const { url, server } = await startSingleRedis();
    const redis = await open(url);
    expect(await findObstacle(redis, 'a')).toBeUndefined();
    await askServer(server.port, 'REPLICAOF', '127.0.0.1', String(await freePort()));
    expect((await findObstacle(redis, 'a'))?.message).toContain('READONLY');
  },
);
