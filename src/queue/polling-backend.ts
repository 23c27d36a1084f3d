/**
 * BullMQ on Redis for a worker whose jobs come rarely and at known times. BullMQ gives every worker a connection on which it
 * blocks until there is a job; this one looks again after the same time, and needs no connection of its own. A job that is
 * due at a known time is taken on time, one that comes unforeseen within ten seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackendFactory, createRedisBackend, type RedisQueueBackend } from 'bullmq';

const MS_PER_SECOND = 1_000;

export const createPollingBackend: BackendFactory<RedisQueueBackend> = (name, options) => {
  const backend = createRedisBackend(name, options, { withBlockingConnection: false });
  let waiting = new AbortController();
  return Object.assign(backend, {
    /** @param seconds until the next job is due, at most ten */
    async waitForJob(seconds: number): Promise<null> {
      waiting = new AbortController();
      await sleep(seconds * MS_PER_SECOND, undefined, { signal: waiting.signal }).catch(() => undefined);
      return null;
    },
    /** BullMQ calls it to end the wait, when the worker closes. */
    async disconnectBlocking(): Promise<void> {
      waiting.abort();
    },
  });
};
