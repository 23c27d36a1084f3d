/**
 * BullMQ on Redis for a worker whose jobs come one by one, as calls of the step before it leave. BullMQ looks three times for
 * each such job: when it is told of it, for another, and for the mark that every job leaves behind when it is taken. While
 * jobs are being done, this one lets some collect instead. Then the end of one finds the next, and nobody has to look.
 */
import { type BackendFactory, createRedisBackend, type RedisQueueBackend } from 'bullmq';
import { TimedWait } from './timed-wait.ts';

const MS_PER_SECOND = 1_000;

/** @param patienceMs how long jobs collect; whoever has done none for as long takes the next when it comes */
export function patientBackend(patienceMs: number): BackendFactory<RedisQueueBackend> {
  return (name, options, connections) => {
    const backend = createRedisBackend(name, options, connections);
    const moveToFinished = backend.moveToFinished.bind(backend);
    const waitForJob = backend.waitForJob.bind(backend);
    const disconnectBlocking = backend.disconnectBlocking.bind(backend);
    const timed = new TimedWait();
    let doneAt = Number.NEGATIVE_INFINITY;
    return Object.assign(backend, {
      moveToFinished(...job: Parameters<typeof moveToFinished>) {
        doneAt = performance.now();
        return moveToFinished(...job);
      },
      /** @param seconds until the next job is due, or so long that it does not matter */
      waitForJob(seconds: number) {
        const isIdle = performance.now() - doneAt > patienceMs;
        return isIdle ? waitForJob(seconds) : timed.wait(Math.min(patienceMs, seconds * MS_PER_SECOND));
      },
      /** BullMQ calls it to end the wait, when the worker closes. */
      disconnectBlocking(isAwaited?: boolean) {
        timed.end();
        return disconnectBlocking(isAwaited);
      },
    });
  };
}
