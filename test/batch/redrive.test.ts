/** Rows that are enqueued again: counted, completed after a kill, and withdrawn while their batch is paused. */
import { expect, it } from 'vitest';
import { redrive } from '../../src/batch/redrive.ts';
import { resume } from '../../src/batch/resume.ts';
import { ledgerKey } from '../../src/redis/keys.ts';
import { Complaints } from '../../workers/complaints.ts';
import { tidyUp } from '../../workers/upkeep-run.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { outcomesOf } from '../support/rows.ts';
import { waitForBatch, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };
const HOUR_MS = 3_600_000;
const REFUSED = { operation: 'submit', kind: 'error', code: 'InvalidParameter.X' } as const;
const ORDER = { by: 'test', filter: { allFailed: true } };

/** A batch of which every row was refused; from here on the peer accepts. */
async function refusedBatch(count: number): Promise<{ world: World; batchId: string }> {
  const world = await createWorld({ ...FAST, faults: [REFUSED] });
  const workers = await runWorkers(world);
  const batchId = await importRows(world, makeCustomers(count));
  await waitUntilFinished(world, batchId);
  await workers.stop();
  world.simulator.state.faults.replace([]);
  return { world, batchId };
}

it('counts the rows of a redrive by outcome, and those of a later one apart', async () => {
  const { world, batchId } = await refusedBatch(3);
  world.simulator.state.faults.replace([{ ...REFUSED, match: 'C100003' }]);
  expect(await redrive(world.open, batchId, ORDER)).toMatchObject({ rows: 3, left: 0 });
  await runWorkers(world);
  await waitUntilFinished(world, batchId);
  await redrive(world.open, batchId, ORDER);
  await waitUntilFinished(world, batchId);
  const redrives = await world.open.ledger.listRedrives(batchId);
  expect(redrives.map(({ counts }) => [counts.submitted, counts.failed, counts.pending])).toEqual([
    [2, 1, 0],
    [0, 1, 0],
  ]);
  const { stdout } = await runProgram(world, ['status', batchId]);
  expect(stdout).toMatch(/redrive 1 +2 submitted, 1 failed \(all failed; test, /);
});

it('completes a redrive and a resume that were killed before their rows had jobs', async () => {
  const { world, batchId } = await refusedBatch(2);
  const { ledger, queues } = world.open;
  const { number } = await ledger.beginRedrive(batchId, { by: 'test', filter: 'all', isScheduled: false });
  await ledger.redriveRows(batchId, { rows: [1, 2], number });
  await ledger.pauseBatch(batchId, 'test');
  await ledger.resumeBatch(batchId, 'test');
  expect(await queues.upload.getPrioritizedCount()).toBe(0);
  await runWorkers(world);
  await waitUntilFinished(world, batchId);
  expect(await outcomesOf(world, batchId)).toEqual(['submitted', 'submitted']);
});

it('says of one that took no row how far it came, because it may have been killed', async () => {
  const { world, batchId } = await refusedBatch(2);
  const { ledger } = world.open;
  const begin = () => ledger.beginRedrive(batchId, { by: 'test', filter: 'all', isScheduled: false });
  await begin();
  for (const order of [await begin(), await begin()])
    await ledger.redriveRows(batchId, { rows: [1], number: order.number });
  const { stdout } = await runProgram(world, ['status', batchId]);
  expect(stdout).toMatch(/redrive 1 +no row was taken; if it was interrupted, retry again \(all; /);
  expect(stdout).toMatch(/redrive 3 +none of its rows up to row 1 was free \(all; /);
});

it('is in the history from its beginning, and knows the last of its rows, in whatever order they come', async () => {
  const { world, batchId } = await refusedBatch(3);
  const { ledger } = world.open;
  const { number } = await ledger.beginRedrive(batchId, { by: 'ann', filter: 'all', isScheduled: false });
  const ofAnn = async () => (await ledger.readLog(batchId)).filter(({ by }) => by === 'ann');
  expect(await ofAnn()).toMatchObject([{ action: 'retry', details: '0 rows (all)' }]);
  for (const rows of [[3, 1], [2]]) await ledger.redriveRows(batchId, { rows, number });
  expect(await ofAnn()).toMatchObject([{ action: 'retry', details: '3 rows (all)' }]);
  expect(await ledger.listRedrives(batchId)).toMatchObject([{ upToRow: 3 }]);
});

it('takes the waiting jobs of a paused batch out of the queues and puts them back at resume', async () => {
  const world = await createWorld({ ...FAST, environment: { ONBOARD_CONCURRENCY: '1' }, faults: [REFUSED] });
  const batchId = await importRows(world, makeCustomers(60), '--max-failures', '2');
  await runWorkers(world);
  await waitForBatch(world, batchId, ({ state }) => state === 'paused');
  const { queues } = world.open;
  const waiting = () =>
    Promise.all([queues.upload.getPrioritizedCount(), queues.submit.getPrioritizedCount()]);
  await expect.poll(waiting, { timeout: 20_000 }).toEqual([0, 0]);
  const sent = world.simulator.state.record.count('authorize');
  expect(sent).toBeLessThan(60);

  world.simulator.state.faults.replace([]);
  await resume(world.open, batchId, { by: 'test' });
  const { counts } = await waitUntilFinished(world, batchId);
  expect(counts.submitted).toBe(60 - counts.failed);
});

it('removes a batch and its personal data once it was kept long enough', async () => {
  const { world, batchId } = await refusedBatch(1);
  const { ledger } = world.open;
  const complaints = new Complaints(world.open.logger, 'upkeep_failed');
  await tidyUp(world.open, complaints);
  expect(await ledger.readBatch(batchId)).toBeDefined();
  const longAgo = Date.now() - 31 * 24 * HOUR_MS;
  const key = ledgerKey(world.account.ledger);
  await world.redis.hset(`${key}:batch:${batchId}`, 'finished', longAgo);
  await world.redis.zadd(`${key}:batches`, longAgo, batchId);
  await tidyUp(world.open, complaints);
  expect(await ledger.readBatch(batchId)).toBeUndefined();
  expect(await world.redis.keys(`${key}:batch:${batchId}*`)).toEqual([]);
});
