import { expect, it, onTestFinished } from 'vitest';
import { closeQueues, liftImpossibleLimits, openQueues } from '../../src/queue/queues.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

it('a limit of a queue that was set by a clock set back since is lifted, and one that may be right is not', async () => {
  const queues = openQueues(connectTestRedis(), uniqueName());
  onTestFinished(() => closeQueues(queues));
  const { upload, submit } = queues;
  await upload.rateLimit(600_000);
  await submit.rateLimit(60_000);
  expect(await liftImpossibleLimits(queues)).toBe(1);
  expect(await upload.getRateLimitTtl()).toBeLessThanOrEqual(0);
  expect(await submit.getRateLimitTtl()).toBeGreaterThan(0);
});
