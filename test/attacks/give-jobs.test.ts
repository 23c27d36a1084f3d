/** Active rows that have no job are given one; those that have one are left alone, however fast they move. */
import { describe, expect, it, vi } from 'vitest';
import { cancel } from '../../src/batch/cancel.ts';
import { jobIdOf } from '../../src/queue/job.ts';
import { queueName } from '../../src/queue/names.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { createQuickWorld, createSlowWorld, deleteQueues, giveAll } from '../support/upkeep.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import type { World } from '../support/world.ts';

const HOUR_MS = 3_600_000;

/** Moves a delayed job to the finished ones without telling the ledger. */
async function finishUnseen({ redis, account }: World, id: string): Promise<void> {
  const queue = `${prefixOf(account.ledger)}:${queueName('upload', account.ledger)}`;
  expect(await redis.zrem(`${queue}:delayed`, id)).toBe(1);
  await redis.zadd(`${queue}:completed`, Date.now(), id);
}

const isFinished = async ({ open }: World, batchId: string) =>
  (await open.ledger.requireBatch(batchId)).state === 'finished';

describe('a row without a job', () => {
  it('is given one with the id of a finished job, timed like its import', async () => {
    const world = await createQuickWorld();
    const batchId = await importRows(world, makeCustomers(2), '--at', '+2h', '--priority', '7');
    const { upload } = world.open.queues;
    const id = jobIdOf('upload', { batchId, row: 1, redrive: 0 });
    await finishUnseen(world, id);
    expect(await giveAll(world, batchId)).toEqual({ given: 1, unreadable: [] });
    const job = await upload.getJob(id);
    expect(await job?.getState()).toBe('delayed');
    expect(job?.opts.priority).toBe(7);
    expect(job?.delay).toBeGreaterThan(HOUR_MS);
    expect(await giveAll(world, batchId)).toEqual({ given: 0, unreadable: [] });
  });

  it('of a redrive is given a job of that redrive', async () => {
    const world = await createQuickWorld();
    const batchId = await importRows(world, makeCustomers(2));
    const { ledger, queues } = world.open;
    await cancel(world.open, batchId, { by: 'test' });
    const begun = await ledger.beginRedrive(batchId, { by: 'test', filter: 'all', isScheduled: false });
    await ledger.redriveRows(batchId, { rows: [1, 2], number: begun.number });
    expect(await giveAll(world, batchId)).toEqual({ given: 2, unreadable: [] });
    const waiting = (await queues.upload.getJobs('prioritized')).map(({ id }) => id);
    expect(waiting.sort()).toEqual([1, 2].map((row) => jobIdOf('upload', { batchId, row, redrive: 1 })));
  });

  it('is given one so that a cancelled batch can end', async () => {
    const world = await createQuickWorld();
    const batchId = await importRows(world, makeCustomers(1));
    await world.open.ledger.transition({ batchId, row: 1, to: 'uploading' });
    await cancel(world.open, batchId, { by: 'test' });
    await deleteQueues(world);
    await runWorkers(world);
    expect((await waitUntilFinished(world, batchId)).counts.cancelled).toBe(1);
  });
});

it('constant upkeep gives no job to a row that has one, and nothing is sent twice', async () => {
  // It takes ten times as long as so many runs do on a busy machine, and begins when the runs can.
  const world = await createSlowWorld({ ourRate: 5 });
  const batchId = await importRows(world, makeCustomers(60));
  await Promise.all([runWorkers(world), runWorkers(world)]);
  let [runs, given] = [0, 0];
  for (; !(await isFinished(world, batchId)); runs++) given += (await giveAll(world, batchId)).given;
  expect(runs).toBeGreaterThan(20);
  expect(given).toBe(0);
  const { authorize, submit, acceptedCustomers, acceptedTwice } = world.simulator.state.record.summary();
  expect([authorize.calls, submit.calls, acceptedCustomers, acceptedTwice]).toEqual([60, 60, 60, 0]);
});

it('jobs given to rows that workers are processing send nothing twice', async () => {
  const world = await createSlowWorld();
  const batchId = await importRows(world, makeCustomers(40));
  await Promise.all([runWorkers(world), runWorkers(world)]);
  const { accepted } = world.simulator.state.record;
  let given = 0;
  while (!(await isFinished(world, batchId))) {
    await deleteQueues(world);
    given += (await giveAll(world, batchId)).given;
    const before = accepted.length;
    await vi.waitUntil(async () => accepted.length > before || (await isFinished(world, batchId)), {
      timeout: 120_000,
    });
  }
  expect(given).toBeGreaterThan(0);
  expect(world.simulator.state.record.summary()).toMatchObject({ acceptedCustomers: 40, acceptedTwice: 0 });
});
