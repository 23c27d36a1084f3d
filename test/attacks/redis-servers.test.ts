/** Connections to more than one server. */
import { Cluster } from 'ioredis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';
import { readServerFacts } from '../../src/redis/server-facts.ts';
import { askServer, startCluster, startWatchedRedis } from '../support/redis-servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

/** Which node is asked for the slots is left to chance. */
const TIMES = 60;

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

  it('asks until it is answered while the nodes of a cluster send it in circles', async () => {
    const { url } = await startCluster();
    const ports = url.split(',').map((each) => Number(new URL(each).port));
    const [first = 0, second = 0] = ports;
    const [slot, id] = [
      await askServer(first, 'CLUSTER', 'KEYSLOT', 'b'),
      await askServer(second, 'CLUSTER', 'MYID'),
    ];
    const redis = connect(url);
    await redis.set('b', '1');
    expect(await askServer(first, 'EXISTS', 'b')).toBe('1');
    await redis.del('b');
    // The third is not told, and goes on naming the first.
    for (const port of [second, first]) await askServer(port, 'CLUSTER', 'SETSLOT', slot, 'NODE', id);
    for (let times = 0; times < TIMES; times++) {
      if (redis instanceof Cluster) redis.refreshSlotsCache();
      expect((await readServerFacts(redis, 'b')).runId).not.toBe('');
    }
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
