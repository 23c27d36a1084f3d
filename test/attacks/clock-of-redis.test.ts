/** Somebody sets the clock of Redis' machine back by ten minutes, and then right again, in the middle of a batch. */
import { expect, inject, it } from 'vitest';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { COMPILER, startRedisWithClock } from '../support/clock.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 120;
const STALL_MS_MAX = 30_000;

it.skipIf(!inject('hasRedisServer') || COMPILER === undefined).each([
  ['back and right again', [-600, 0]],
  ['ahead and right again', [600, 0]],
])('set %s: everybody is sent once, at the pace of the peer', async (_how, [first = 0, second = 0]) => {
  const { url, setClock } = await startRedisWithClock();
  const world = await createWorld({ redisUrl: url, rate: 10, ourRate: 10 });
  const { record } = world.simulator.state;
  await Promise.all([startWorkerProgram(world), startWorkerProgram(world)]);
  const batchId = await importRows(world, makeCustomers(ROWS));
  await waitForPeer(world, ({ accepted }) => accepted.length >= 30);
  await setClock(first);
  await waitForPeer(world, ({ accepted }) => accepted.length >= 60);
  await setClock(second);
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(ROWS);
  expect(record.summary()).toMatchObject({ acceptedCustomers: ROWS, acceptedTwice: 0 });
  const submits = record.arrivals.filter(({ operation }) => operation === 'submit');
  const times = submits.map(({ at }) => at);
  expect(Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)))).toBeLessThan(STALL_MS_MAX);
  expect(mostInOneSecond(times)).toBeLessThanOrEqual(10);
  expect((await runProgram(world, ['status', batchId])).stdout).not.toMatch(/NaN|-\d+ (s|min)/);
});
