import { once } from 'node:events';
import { Worker } from 'bullmq';
import { expect, it, onTestFinished } from 'vitest';
import { listConnections } from '../../src/queue/living-workers.ts';
import { queueName } from '../../src/queue/names.ts';
import { createPollingBackend } from '../../src/queue/polling-backend.ts';
import { closeQueues, openQueues } from '../../src/queue/queues.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { connectBlockingRedis, uniqueName } from '../support/redis.ts';

const SECOND_MS = 1_000;

it('takes a job when it is due, has no connection of its own, and closes without the next', async () => {
  const [connection, account] = [connectBlockingRedis(), uniqueName()];
  const queues = openQueues(connection, account);
  onTestFinished(() => closeQueues(queues));
  await queues.redrive.add('now', {});
  const due = await queues.redrive.add('soon', {}, { delay: SECOND_MS / 2 });
  await queues.redrive.add('much later', {}, { delay: 3_600 * SECOND_MS });
  const name = queueName('redrive', account);
  const options = { connection, prefix: prefixOf(account), autorun: false };
  const worker = new Worker(name, async () => Date.now(), options, createPollingBackend);
  onTestFinished(() => worker.close());
  const running = worker.run();
  await once(worker, 'completed');
  const [{ returnvalue: takenAt }] = await once(worker, 'completed');
  expect(takenAt - due.timestamp).toBeGreaterThanOrEqual(SECOND_MS / 2);
  expect(takenAt - due.timestamp).toBeLessThan(4 * SECOND_MS);
  const ownName = `${prefixOf(account)}:${Buffer.from(name).toString('base64')}`;
  expect(await listConnections(connection)).not.toContain(ownName);
  await queues.redrive.add('unforeseen', {});
  const begun = performance.now();
  await Promise.all([worker.close(), running]);
  expect(await queues.redrive.getWaitingCount()).toBe(1);
  expect(performance.now() - begun).toBeLessThan(4 * SECOND_MS);
});
