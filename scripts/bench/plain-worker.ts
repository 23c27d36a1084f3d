/** A BullMQ worker as its documentation suggests: one job with all three calls, `limiter: { max: 5, duration: 1000 }`. */
import { type Job, Queue, Worker } from 'bullmq';
import { connectRedis } from '../../src/redis/connect.ts';
import { ownCaller, threeCallsOf } from './three-calls.ts';

const { authorize, put, submit } = threeCallsOf(ownCaller());
const [prefix = '', count = '0'] = process.argv.slice(2);
const connection = connectRedis(process.env.REDIS_URL ?? '', { waitsForever: true });

if (Number(count) > 0) {
  const queue = new Queue('plain', { connection, prefix });
  const opts = {
    attempts: 100,
    backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
    removeOnComplete: true,
  };
  await queue.addBulk(
    Array.from({ length: Number(count) }, (_, index) => ({
      name: 'register',
      data: { number: index + 1 },
      opts,
    })),
  );
}
const options = { connection, prefix, concurrency: 10, limiter: { max: 5, duration: 1000 } };
const worker = new Worker('plain', (job: Job<{ number: number }>) => register(job.data.number), options);
worker.on('error', () => undefined);
process.stderr.write('workers_started\n');

async function register(number: number): Promise<void> {
  await put(await authorize(number));
  await submit(number);
}
