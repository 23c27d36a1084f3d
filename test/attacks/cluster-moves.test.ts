/** A cluster that moves an account to another node: what was written is waited for there, and so is the pace. */
import { expect, inject, it, onTestFinished } from 'vitest';
import { createPacer } from '../../src/pace/pacer.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { Durable } from '../../src/redis/durable.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { uniqueName } from '../support/redis.ts';
import { askServer, startCluster } from '../support/redis-servers.ts';

const WINDOW_MS = 999;

async function startAccount() {
  const cluster = await startCluster();
  const account = uniqueName();
  const key = accountKeys(account).durable;
  const watched = await cluster.addReplica(key);
  const redis = connectRedis(cluster.url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  return { ...watched, account, key, redis };
}

it.skipIf(!inject('hasRedisServer'))(
  'a write is confirmed by a replica of its node, and not once another node has the account',
  async () => {
    const { redis, key, replica, takenOver } = await startAccount();
    const durable = new Durable(redis, { waitMs: 1_000 });
    onTestFinished(() => durable.close());
    const writes = await durable.begin(key, 'durable');
    expect(writes.needsWait).toBe(true);
    await redis.incr(key);
    // Each time, the replica has a second: on a busy machine it may need another one.
    const isConfirmed = () => writes.confirm().then(() => true, String);
    await expect.poll(isConfirmed).toBe(true);
    replica.freeze();
    await expect(writes.confirm()).rejects.toThrow('A replica of Redis did not confirm it');
    replica.thaw();
    await expect.poll(isConfirmed).toBe(true);
    await askServer(replica.port, 'CLUSTER', 'FAILOVER', 'TAKEOVER');
    await takenOver();
    await expect(writes.confirm()).rejects.toMatchObject({ code: 'NOT_DURABLE_YET' });
    // Whoever writes again is confirmed, as soon as the old node is its replica.
    async function writeAgain(): Promise<boolean> {
      const again = await durable.begin(key, 'durable');
      await redis.incr(key);
      await again.confirm();
      return true;
    }
    await expect.poll(() => writeAgain().catch(String)).toBe(true);
  },
);

it.skipIf(!inject('hasRedisServer'))(
  'no call is granted for a full window after another node has taken over',
  async () => {
    const { redis, account, replica, takenOver } = await startAccount();
    const pacer = createPacer(redis, { account, rate: 20, guardMs: 5, probeEveryMs: 60_000 });
    const { signal } = new AbortController();
    await pacer.take('submit', signal);
    await pacer.take('submit', signal);
    await askServer(replica.port, 'CLUSTER', 'FAILOVER', 'TAKEOVER');
    await takenOver();
    const begun = performance.now();
    await pacer.take('submit', signal);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(WINDOW_MS);
  },
);
