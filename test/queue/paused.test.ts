import { expect, it, onTestFinished } from 'vitest';
import { isPaused } from '../../src/queue/paused.ts';
import { closeQueues, openQueues } from '../../src/queue/queues.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

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
