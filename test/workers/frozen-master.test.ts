/** A master that freezes: its connections stay open and nobody answers, while a replica takes over. */
import { describe, inject, it } from 'vitest';
import { prefixOf } from '../../src/redis/keys.ts';
import { finishDuringFreeze } from '../support/frozen-master.ts';
import { startCluster, startWatchedRedis } from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 12;

describe.skipIf(!inject('hasRedisServer'))('a frozen master is left for the replica that took over', () => {
  it('where a Sentinel says so', async () => {
    const watched = await startWatchedRedis();
    await finishDuringFreeze(await createWorld({ redisUrl: watched.url }), watched, ROWS);
  });

  it('where it held the slot of the account in a cluster', async () => {
    const cluster = await startCluster();
    const world = await createWorld({ redisUrl: cluster.url });
    await finishDuringFreeze(world, await cluster.addReplica(prefixOf(world.account.name)), ROWS);
  });
});
