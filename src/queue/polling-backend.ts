/**
 * BullMQ on Redis for a worker whose jobs come rarely and at known times. BullMQ gives every worker a connection on which it
 * blocks until there is a job; this one looks again after the same time, and needs no connection of its own. A job that is
 * due at a known time is taken on time, one that comes unforeseen within ten seconds.
 */
import { type BackendFactory, createRedisBackend, type RedisQueueBackend } from 'bullmq';
import { TimedWait } from './timed-wait.ts';

const MS_PER_SECOND = 1_000;

export const createPollingBackend: BackendFactory<RedisQueueBackend> = (name, options) => {
  const backend = createRedisBackend(name, options, { withBlockingConnection: false });
  const timed = new TimedWait();
  return Object.assign(backend, {
    /** @param seconds until the next job is due, at most ten */
    waitForJob: (seconds: number) => timed.wait(seconds * MS_PER_SECOND),
    /** BullMQ calls it to end the wait, when the worker closes. */
    disconnectBlocking: async () => timed.end(),
  });
};
