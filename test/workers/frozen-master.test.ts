/** A master that freezes: its connections stay open and nobody answers, while a replica takes over. */
import { describe, expect, inject, it } from 'vitest';
import { prefixOf } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startCluster, startWatchedRedis, type Watched } from '../support/redis-servers.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const ROWS = 20;

/** Freezes the master in the middle of a batch; the batch must finish before it is thawed. */
async function finishDuringFreeze(world: World, { master, takenOver }: Watched): Promise<void> {
  await startWorkerProgram(world);
  const batchId = await importRows(world, makeCustomers(ROWS));
  await waitForPeer(world, (record) => record.accepted.length >= 3);
  master.freeze();
  await takenOver();
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(ROWS);
  master.thaw();
  const flagged = (await rowsOf(world, batchId)).filter(({ record }) => record.ambiguous > 0).length;
  const { acceptedCustomers, acceptedTwice } = world.simulator.state.record.summary();
  expect(acceptedCustomers).toBe(ROWS);
  expect(acceptedTwice).toBeLessThanOrEqual(flagged);
  const { code, stdout } = await runProgram(world, ['status', batchId]);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`${ROWS}`)]);
}

describe.skipIf(!inject('hasRedisServer'))('a frozen master is left for the replica that took over', () => {
  it('where a Sentinel says so', async () => {
    const watched = await startWatchedRedis();
    await finishDuringFreeze(await createWorld({ redisUrl: watched.url }), watched);
  });

  it('where it held the slot of the account in a cluster', async () => {
    const cluster = await startCluster();
    const world = await createWorld({ redisUrl: cluster.url });
    await finishDuringFreeze(world, await cluster.addReplica(prefixOf(world.account.name)));
  });
});
