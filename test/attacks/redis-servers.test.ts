/** Connections to more than one server. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';
import { startCluster, startWatchedRedis } from '../support/redis-servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

function connect(url: string) {
  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  return redis;
}

describe.skipIf(!inject('hasRedisServer'))('a connection', () => {
  it('logs in to a node that only the cluster itself named', async () => {
    const cluster = await startCluster();
    const redis = connect(await cluster.setPassword('secret'));
    // Enough keys to reach every node.
    const keys = Array.from({ length: 30 }, (_, index) => `key${index}`);
    for (const key of keys) expect(await redis.set(key, 1)).toBe('OK');
  });

  it('skips a silent Sentinel, and closes its connections to the others', async () => {
    const { url } = await startWatchedRedis();
    const { host } = new URL(url);
    const silent = await startTcpProxy(`redis://${host}`);
    silent.silenceAll();
    const redis = connect(url.replace(host, `${new URL(silent.url).host},${host}`));
    expect(await redis.ping()).toBe('PONG');
    expect(silent.count).toBeGreaterThan(0);

    const sentinel = connect(`redis://${host}`);
    const listeners = async () => String(await sentinel.call('CLIENT', 'LIST')).match(/ sub=1 /g) ?? [];
    await expect.poll(listeners).toHaveLength(1);
    await redis.quit();
    await expect.poll(listeners).toHaveLength(0);
  });
});
