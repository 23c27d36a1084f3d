/** How long calls are held back after losing a Redis that may have forgotten the last grants. */
import { Cluster } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ReconnectHold } from '../../src/pace/reconnect-hold.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { startCluster } from '../support/redis-servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const CLOCK = { holdMs: 1_000, clock: () => 5 };

it('waits until a silent connection is replaced, and for one more window', async () => {
  const proxy = await startTcpProxy(inject('redisUrl'));
  const redis = connectRedis(proxy.url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const hold = new ReconnectHold(redis, CLOCK);
  await redis.ping();
  expect(hold.until).toBe(0);
  proxy.silence();
  const seen: number[] = [];
  redis.on('close', () => seen.push(hold.until));
  await redis.ping();
  expect(seen).toEqual([Number.POSITIVE_INFINITY]);
  expect(hold.until).toBe(1_005);
});

it.skipIf(!inject('hasRedisServer'))('waits for one window if a cluster node is lost', async () => {
  const { url } = await startCluster();
  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const hold = new ReconnectHold(redis, CLOCK);
  await redis.ping();
  expect(hold.until).toBe(0);
  if (redis instanceof Cluster) for (const node of redis.nodes('master')) node.disconnect();
  await expect.poll(() => hold.until).toBeGreaterThanOrEqual(1_005);
});
