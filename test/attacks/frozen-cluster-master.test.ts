/** A cluster master that freezes in the middle of a batch. */
import { inject, it } from 'vitest';
import { prefixOf } from '../../src/redis/keys.ts';
import { finishDuringFreeze } from '../support/frozen-master.ts';
import { startCluster } from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 12;

it.skipIf(!inject('hasRedisServer'))('is abandoned for its replica if it held the account', async () => {
  const cluster = await startCluster();
  const world = await createWorld({ redisUrl: cluster.url });
  await finishDuringFreeze(world, await cluster.addReplica(prefixOf(world.account.ledger)), ROWS);
});
