/** Upkeep in tests: worlds in which it runs often, and what is done to BullMQ. */
import { expect } from 'vitest';
import { giveJobs } from '../../src/batch/give-jobs.ts';
import { queueName } from '../../src/queue/names.ts';
import { readUpkeepReport } from '../../src/queue/upkeep-report.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const QUEUES = ['upload', 'submit', 'redrive'] as const;

/** Upkeep every second. */
export const createQuickWorld = (options: WorldOptions = {}) =>
  createWorld({
    rate: 10,
    ourRate: 10,
    ...options,
    environment: { ONBOARD_UPKEEP_SECONDS: '1', ONBOARD_CONCURRENCY: '3', ...options.environment },
  });

/** The workers run upkeep once; after that, only the test does. */
export const createSlowWorld = (options: WorldOptions = {}) =>
  createWorld({ rate: 30, ourRate: 30, ...options, environment: { ONBOARD_UPKEEP_SECONDS: '600' } });

export const reportOf = ({ redis, account }: World) => readUpkeepReport(redis, account.ledger);

/** Waits for two more runs of upkeep, so that one complete run began after this call. */
export async function waitForUpkeep(world: World): Promise<void> {
  for (let run = 0; run < 2; run++) {
    const before = (await reportOf(world))?.at;
    await expect.poll(async () => (await reportOf(world))?.at).not.toBe(before);
  }
}

/** Gives jobs to the rows of a small batch, as upkeep does. */
export async function giveAll({ open }: World, batchId: string) {
  const batch = await open.ledger.requireBatch(batchId);
  const numbers = Array.from({ length: batch.lastRow }, (_, index) => index + 1);
  return giveJobs(open, batch, numbers);
}

/** Deletes every key of BullMQ: jobs, lists, locks, limits, metas and schedulers. */
export async function deleteQueues({ redis, account }: World): Promise<void> {
  const patterns = QUEUES.map((queue) => `${prefixOf(account.ledger)}:${queueName(queue, account.ledger)}:*`);
  const keys = (await Promise.all(patterns.map((pattern) => redis.keys(pattern)))).flat();
  await redis.del(...keys);
}

/** Deletes so many waiting jobs with their data, the last ones first. One that is just taken cannot be deleted. */
export async function deleteJobs({ open }: World, count: number): Promise<void> {
  const jobs = await open.queues.upload.getJobs('prioritized');
  let deleted = 0;
  for (const job of jobs.reverse()) {
    if (deleted === count) return;
    await job.remove().then(
      () => deleted++,
      () => undefined,
    );
  }
  expect(deleted).toBe(count);
}
