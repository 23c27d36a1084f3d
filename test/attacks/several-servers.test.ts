/** More than one Redis: a master that dies while a Sentinel watches it, and a cluster. */
import { describe, expect, inject, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startCluster, startWatchedRedis } from '../support/redis-servers.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

describe.skipIf(!inject('hasRedisServer'))('several servers', () => {
  it('switches to the replica when the master is killed during a batch, and every row ends once', async () => {
    const { url, master, takenOver } = await startWatchedRedis();
    const world = await createWorld({ redisUrl: url });
    await startWorkerProgram(world);
    const batchId = await importRows(world, makeCustomers(20));
    await waitForPeer(world, (record) => record.accepted.length >= 3);
    await master.kill();
    await takenOver();
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(20);
    const flagged = (await rowsOf(world, batchId)).filter(({ record }) => record.ambiguous > 0).length;
    expect(world.simulator.state.record.summary().acceptedTwice).toBeLessThanOrEqual(flagged);
  });

  it('works on a cluster, which keeps an account on one node', async () => {
    const world = await createWorld({
      redisUrl: (await startCluster()).url,
      rate: 50,
      ourRate: 50,
      faults: [
        { operation: 'submit', match: 'C100002', kind: 'error', code: 'InvalidParameter.X', times: 1 },
      ],
    });
    await startWorkerProgram(world);
    const batchId = await importRows(world, makeCustomers(5));
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 4, failed: 1 });
    expect((await runProgram(world, ['retry', batchId, '--all-failed'])).code).toBe(0);
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(5);
    const { stdout } = await runProgram(world, ['status']);
    expect(stdout).toContain('5/5');
    expect((await runProgram(world, ['purge', batchId, '--yes'])).code).toBe(0);
  });
});
