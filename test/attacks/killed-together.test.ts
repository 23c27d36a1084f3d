/** Redis and all workers killed at the same moment, over and over in one batch. */
import { expect, inject, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { expectEveryDoubleFlagged } from '../support/frozen-master.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { outcomesOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

/** How often: `KILLS=20 npm run test:long -- killed-together`. */
const KILLS = Number(process.env.KILLS ?? 3);
const ROWS_A_KILL = 15;
const WORKERS = 2;

const startAll = (world: World) =>
  Promise.all(Array.from({ length: WORKERS }, () => startWorkerProgram(world)));

it.skipIf(!inject('hasRedisServer'))(
  'every row ends, and every customer accepted twice is flagged',
  async () => {
    const { url, server } = await startSingleRedis();
    const world = await createWorld({ redisUrl: url, rate: 10, ourRate: 10, latencyMs: 100 });
    const rows = (KILLS + 1) * ROWS_A_KILL;
    const batchId = await importRows(world, makeCustomers(rows));
    let workers = await startAll(world);
    for (let kill = 0; kill < KILLS; kill++) {
      const before = world.simulator.state.record.accepted.length;
      await waitForPeer(world, ({ accepted }) => accepted.length >= before + ROWS_A_KILL / 2);
      await Promise.all([server.kill(), ...workers.map((worker) => worker.kill())]);
      server.restart();
      workers = await startAll(world);
    }
    const { counts } = await waitUntilFinished(world, batchId);
    expect(counts.submitted + counts.failed).toBe(rows);
    expect(await outcomesOf(world, batchId)).toHaveLength(rows);
    await expectEveryDoubleFlagged(world, batchId);
  },
);
