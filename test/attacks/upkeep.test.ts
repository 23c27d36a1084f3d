/** Whatever happens to BullMQ's jobs, active rows get new ones, once, from one process at a time. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { pauseAccount } from '../../src/batch/pause.ts';
import { readSchedule } from '../../src/batch/schedule.ts';
import { renderMetrics } from '../../src/http/metrics.ts';
import { runLedgerScript } from '../../src/ledger/scripts.ts';
import { settleScript } from '../../src/ledger/settle.ts';
import { measureAccount } from '../../src/onboarding/account-measures.ts';
import { batchKeys } from '../../src/redis/keys.ts';
import { Upkeep } from '../../workers/upkeep.ts';
import { makeCustomers } from '../support/customers.ts';
import { createBatch, makeRow, parkRow } from '../support/ledger.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { createQuickWorld, deleteJobs, deleteQueues, reportOf, waitForUpkeep } from '../support/upkeep.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { type World, withPeer } from '../support/world.ts';

const HOUR_MS = 3_600_000;
/** The promised limit for upkeep and normal work together. */
const PROMISED_MS = 90_000;

describe('40 customers are submitted once', { timeout: PROMISED_MS }, () => {
  it.each<[string, (world: World) => Promise<unknown>]>([
    ['15 of their jobs are deleted', (world) => deleteJobs(world, 15)],
    [
      'both queues are obliterated',
      ({ open }) =>
        Promise.all([
          open.queues.upload.obliterate({ force: true }),
          open.queues.submit.obliterate({ force: true }),
        ]),
    ],
    ['every key of BullMQ is deleted', deleteQueues],
  ])('although %s during the batch', async (_name, destroy) => {
    const world = await createQuickWorld({ rate: 20, ourRate: 20 });
    await runWorkers(world);
    const batchId = await importRows(world, makeCustomers(40));
    await waitForPeer(world, (record) => record.accepted.length >= 2);
    await destroy(world);
    const { counts } = await waitUntilFinished(world, batchId);
    expect(counts.submitted).toBe(40);
    expect(world.simulator.state.record.summary()).toMatchObject({ acceptedCustomers: 40, acceptedTwice: 0 });
    await expect.poll(() => readSchedule(world.open)).toHaveProperty('next');
  });
});

it('rows without a job are counted in status and metrics until a run finds none', async () => {
  const world = await createQuickWorld();
  await pauseAccount(world.open, { by: 'test' });
  const batchId = await importRows(world, makeCustomers(3));
  await deleteJobs(world, 2);
  // Only one run, so that its report stays.
  const upkeep = new Upkeep({ account: withPeer(world), everyMs: HOUR_MS });
  upkeep.start();
  await expect.poll(() => reportOf(world)).toMatchObject({ rowsWithoutJob: 2 });
  await upkeep.stop();
  expect((await runProgram(world, ['status', batchId])).stdout).toMatch(/rows without a job +2, /);
  const { body } = await renderMetrics([{ account: 'a', ...(await measureAccount(world.open)) }]);
  expect(body).toContain('onboard_rows_without_job{account="a"} 2');

  await runWorkers(world);
  await expect.poll(() => reportOf(world)).toMatchObject({ rowsWithoutJob: 0 });
  expect((await runProgram(world, ['status', batchId])).stdout).not.toContain('without a job');
});

it('an unreadable batch or row does not keep upkeep from the others', async () => {
  const world = await createQuickWorld();
  const ids = [];
  for (const from of [0, 10, 20]) {
    const rows = makeCustomers(from + 3).slice(from);
    ids.push(await importRows(world, rows));
  }
  const [broken = '', damaged = '', sound = ''] = ids;
  const { ledger: name } = world.account;
  await world.redis.hset(batchKeys(name, broken).batch, 'columns', 'no JSON');
  await world.redis.hset(batchKeys(name, damaged).rows, '2', 'no JSON');
  await deleteQueues(world);
  const { output } = await startWorkerProgram(world);
  expect((await waitUntilFinished(world, sound)).counts.submitted).toBe(3);
  await waitForBatch(world, damaged, ({ counts }) => counts.submitted === 2);
  await waitForUpkeep(world);
  const said = output.stderr.split('\n').filter((line) => line.includes('upkeep_failed'));
  expect(said.map((line) => JSON.parse(line).task)).toEqual([`batch ${broken}`, `batch ${damaged}`]);
});

it('tells all rows that failed because of a parked one what was settled, where the command died after the first', async () => {
  const world = await createQuickWorld();
  const { ledger } = world.open;
  const row = makeRow(1);
  await createBatch(ledger, 'parked', [row]);
  await parkRow(ledger, { batchId: 'parked', row: 1 });
  const followers = Array.from({ length: 500 }, (_, index) => ({ ...row, row: index + 1 }));
  await createBatch(ledger, 'followers', followers);
  const access = { redis: world.redis, account: world.account.ledger };
  await runLedgerScript(settleScript, access, ['parked', 1, 'failed', 'ann']);
  expect(await ledger.countCodes('followers')).toContainEqual({ code: 'CUSTOMER_PARKED', rows: 400 });
  await runWorkers(world);
  await expect.poll(() => ledger.countCodes('followers')).toEqual([{ code: 'SETTLED_AS_FAILED', rows: 500 }]);
  expect(await ledger.listUnparked()).toEqual([]);
});

it('upkeep runs at once when a lost connection to Redis is back', async () => {
  const world = await createQuickWorld();
  const upkeep = new Upkeep({ account: withPeer(world), everyMs: HOUR_MS });
  upkeep.start();
  onTestFinished(() => upkeep.stop());
  await expect.poll(() => reportOf(world)).toBeDefined();
  const before = await reportOf(world);
  world.redis.disconnect(true);
  await expect.poll(async () => (await reportOf(world))?.at).not.toBe(before?.at);
});
