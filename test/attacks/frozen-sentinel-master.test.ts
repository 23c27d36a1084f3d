/** A master that freezes while a Sentinel watches it, in the middle of a batch. */
import { inject, it } from 'vitest';
import { finishDuringFreeze } from '../support/frozen-master.ts';
import { startWatchedRedis } from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 12;

it.skipIf(!inject('hasRedisServer'))('is abandoned for the replica that took over', async () => {
  const watched = await startWatchedRedis();
  await finishDuringFreeze(await createWorld({ redisUrl: watched.url }), watched, ROWS);
});
