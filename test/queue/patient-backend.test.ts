import { EventEmitter, once } from 'node:events';
import { type Job, Worker } from 'bullmq';
import { expect, inject, it, onTestFinished } from 'vitest';
import { queueName } from '../../src/queue/names.ts';
import { patientBackend } from '../../src/queue/patient-backend.ts';
import { closeQueues, openQueues } from '../../src/queue/queues.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { monitorRedis } from '../support/monitor.ts';
import { connectBlockingRedis, uniqueName } from '../support/redis.ts';

const JOBS = 12;
/** In seconds: longer than any test. */
const HOUR = 3_600;

/** Each job makes that the next is added: `during` it, or `after` it. @returns what its worker was like when all were done */
async function runJobs(patienceMs: number, when: 'during' | 'after') {
  const [connection, account] = [connectBlockingRedis(), uniqueName()];
  const prefix = prefixOf(account);
  const { redrive: queue, ...others } = openQueues(connection, account);
  onTestFinished(() => closeQueues({ redrive: queue, ...others }));
  let waits = 0;
  const stop = await monitorRedis(inject('redisUrl'), ({ command, values: [key] }) => {
    if (command === 'bzpopmin' && key?.startsWith(prefix)) waits++;
  });
  onTestFinished(stop);
  const ends = new EventEmitter();
  const areDone = once(ends, 'last');
  const addNext = async ({ data: number }: Job<number>) => {
    if (number < JOBS) await queue.add('next', number + 1);
  };
  // Whoever waits for a job that is there has to be told of it, or be impatient.
  const options = { connection, prefix, concurrency: JOBS, drainDelay: HOUR };
  const process = when === 'during' ? addNext : async () => undefined;
  const worker = new Worker(queueName('redrive', account), process, options, patientBackend(patienceMs));
  onTestFinished(() => worker.close());
  worker.on('completed', (job: Job<number>) => {
    if (job.data === JOBS) ends.emit('last');
    else if (when === 'after') void addNext(job);
  });
  await queue.add('first', 1);
  await areDone;
  return { waits, queue, worker };
}

it('takes the first job at once, finds others when one ends, and closes without another', async () => {
  const { waits, queue, worker } = await runJobs(HOUR * 1_000, 'during');
  // BullMQ's own waits about once for each.
  expect(waits).toBeLessThan(JOBS / 2);
  await queue.add('more', JOBS);
  await worker.close();
  expect(await queue.getWaitingCount()).toBe(1);
});

it.each([
  ['waits for a while', 20],
  ['takes it when it comes, without patience', 0],
])('where no job ends that could find the next, it %s', async (_, patienceMs) => {
  await runJobs(patienceMs, 'after');
});
