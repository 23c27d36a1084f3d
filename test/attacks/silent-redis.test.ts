/** Connections that go silent without closing, and servers that freeze. */
import { once } from 'node:events';
import { Cluster } from 'ioredis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** The socket timeout of a blocking connection, plus some time for a busy machine. */
const NOTICED_MS_MAX = 25_000;

async function connectThroughProxy(waitsForever: boolean) {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const redis = connectRedis(proxy.url, { waitsForever });
  onTestFinished(() => redis.disconnect());
  await redis.ping();
  return { proxy, redis };
}

async function blockThroughProxy() {
  const { proxy, redis } = await connectThroughProxy(true);
  if (redis instanceof Cluster) throw new Error('The tests run on a single Redis server.');
  const blocking = redis.duplicate();
  blocking.on('error', () => undefined);
  onTestFinished(() => blocking.disconnect());
  await blocking.ping();
  return { proxy, blocking };
}

describe('a connection that goes silent', () => {
  it(
    'is replaced, and its pending commands are answered',
    async () => {
      const both = await Promise.all([connectThroughProxy(true), connectThroughProxy(false)]);
      for (const { proxy } of both) proxy.silence();
      expect(await Promise.all(both.map(({ redis }) => redis.ping()))).toEqual(['PONG', 'PONG']);
      expect(both.map(({ proxy }) => proxy.count)).toEqual([2, 2]);
    },
    NOTICED_MS_MAX,
  );

  it(
    'is replaced while it blocks, as a BullMQ worker does on a duplicate',
    async () => {
      const { proxy, blocking } = await blockThroughProxy();
      const key = uniqueName('silent:');
      const heard = proxy.hears(key, () => proxy.silence());
      const popped = blocking.bzpopmin(key, 10);
      await heard;
      await proxy.hears(key);
      const direct = connectTestRedis();
      // The lost command may still be pending at the server, and take the first one.
      await direct.zadd(key, 1, 'first', 2, 'second');
      expect(await popped).toMatchObject([key, expect.any(String), expect.any(String)]);
      await direct.del(key);
    },
    NOTICED_MS_MAX,
  );

  it('does not prevent a client from quitting', async () => {
    const { proxy, redis } = await connectThroughProxy(true);
    proxy.silenceAll();
    const lost = redis.ping().catch(() => 'lost');
    expect(await redis.quit()).toBe('OK');
    expect(await lost).toBe('lost');
    expect(redis.status).toBe('end');
  }, 8_000);
});

it.each([
  "READONLY You can't write against a read only replica.",
  // From a script, since Redis 6.2.
  "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write against a read only replica.",
])('a server that answers "%s" is abandoned for the one that took over', async (text) => {
  const redis = connectTestRedis();
  await redis.ping();
  const again = once(redis, 'ready');
  await expect(redis.eval('return redis.error_reply(ARGV[1])', 0, text)).rejects.toThrow('READONLY');
  await again;
});
