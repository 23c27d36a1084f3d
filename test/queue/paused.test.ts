import { once } from 'node:events';
import { Worker } from 'bullmq';
import { expect, it, onTestFinished } from 'vitest';
import { createPause } from '../../src/pace/pause.ts';
import { isPaused, queueKeys } from '../../src/queue/paused.ts';
import { closeQueues, openQueues } from '../../src/queue/queues.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { connectBlockingRedis, connectTestRedis, uniqueName } from '../support/redis.ts';

it('sees what BullMQ does when a queue is paused and resumed', async () => {
  const [redis, account] = [connectTestRedis(), uniqueName()];
  const queues = openQueues(redis, account);
  onTestFinished(() => closeQueues(queues));
  expect(await isPaused(redis, account)).toBe(false);
  await queues.upload.pause();
  expect(await isPaused(redis, account)).toBe(true);
  await queues.upload.resume();
  expect(await isPaused(redis, account)).toBe(false);
});

it('a worker that waits at a paused queue takes its jobs as soon as the pause ends', async () => {
  const [redis, account] = [connectBlockingRedis(), uniqueName()];
  const queues = openQueues(redis, account);
  const pause = createPause(redis, account, queueKeys(account));
  await pause.set('test');
  await queues.upload.add('job', { batchId: 'b', row: 1, round: 0 });
  const worker = new Worker(queues.upload.name, async () => undefined, {
    connection: redis,
    prefix: prefixOf(account),
    // Nobody looks again by himself before the test has failed.
    drainDelay: 600,
  });
  onTestFinished(async () => {
    await worker.close(true);
    await closeQueues(queues);
  });
  const taken = once(worker, 'active');
  const commands = async () => (await queues.upload.getWorkers()).map(({ cmd }) => cmd);
  await expect.poll(commands).toContain('bzpopmin');
  await pause.clear();
  expect(await taken).toMatchObject([{ name: 'job' }, 'waiting']);
});
