import { expect, it, onTestFinished } from 'vitest';
import { addJobs } from '../../src/queue/add.ts';
import type { RowJob } from '../../src/queue/job.ts';
import { closeQueues, liftRateLimits, openQueues } from '../../src/queue/queues.ts';
import { removeJobs } from '../../src/queue/remove.ts';
import { STEPS } from '../../src/redis/keys.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

function makeQueues() {
  const queues = openQueues(connectTestRedis(), uniqueName());
  onTestFinished(() => closeQueues(queues));
  return queues;
}

const makeRow = (row: number, redrive = 0): RowJob => ({
  batchId: 'b',
  row,
  custSpaceId: `C${row}`,
  redrive,
});

it.each([
  ['upload', 'up'],
  ['submit', 'sub'],
] as const)(
  'rows added for %s are jobs under the ids and names of fields that are stored',
  async (step, prefix) => {
    const queues = makeQueues();
    await addJobs(queues, step, [makeRow(1), makeRow(2, 3)], { priority: 100 });
    expect(await queues[step].getJob(`${prefix}-b-1`)).toMatchObject({
      name: 'C1',
      data: { batchId: 'b', row: 1, round: 0 },
      opts: { priority: 100, attempts: 999 },
    });
    expect(await queues[step].getJob(`${prefix}-b-2-3`)).toMatchObject({ name: 'C2', data: { round: 3 } });
  },
);

it('one row alone is added like several, and both only once', async () => {
  const queues = makeQueues();
  for (const rows of [[makeRow(1)], [makeRow(1)], [makeRow(1), makeRow(2)], []])
    await addJobs(queues, 'submit', rows, { priority: 2 });
  const jobs = await queues.submit.getJobs('prioritized', 0, -1, true);
  expect(jobs.map(({ id, name, data, opts }) => [id, name, data, opts.priority])).toEqual([
    ['sub-b-1', 'C1', { batchId: 'b', row: 1, round: 0 }, 2],
    ['sub-b-2', 'C2', { batchId: 'b', row: 2, round: 0 }, 2],
  ]);
});

it('rows for later are delayed', async () => {
  const queues = makeQueues();
  await addJobs(queues, 'upload', [makeRow(1)], { priority: 2, delay: 60_000 });
  expect(await queues.upload.getDelayedCount()).toBe(1);
});

it('the jobs of rows are removed from both queues', async () => {
  const queues = makeQueues();
  for (const step of STEPS) await addJobs(queues, step, [makeRow(1), makeRow(2)], { priority: 2 });
  await removeJobs(queues, [makeRow(1)]);
  for (const step of STEPS) expect(await queues[step].getPrioritizedCount()).toBe(1);
});

it('queues that were told to wait continue at once when that is lifted', async () => {
  const queues = makeQueues();
  for (const step of STEPS) await queues[step].rateLimit(60_000);
  await liftRateLimits(queues);
  for (const step of STEPS) expect(await queues[step].getRateLimitTtl()).toBeLessThanOrEqual(0);
});
