/**
 * Goes on only while Redis answers. A client that waits for ever for one that went silent never ends, and whoever looks
 * would be told nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { RedisClient } from './connect.ts';

/** Longest wait for an answer, in milliseconds: longer than a failover usually takes. */
const ANSWER_MS_MAX = 15_000;
const ASKED_EVERY_MS = 1_000;

/** @returns what `steps` give. @throws AppError REDIS_UNREACHABLE if Redis stops answering; the steps are left then */
export async function* whileAnswering<Step, Result>(
  redis: RedisClient,
  steps: AsyncGenerator<Step, Result>,
): AsyncGenerator<Step, Result> {
  const ending = new AbortController();
  const silence = untilSilent(redis, ending.signal);
  silence.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([steps.next(), silence]);
      if (next.done) return next.value;
      yield next.value;
    }
  } finally {
    ending.abort();
    // Not awaited: a step that waits for Redis ends when the connection is closed.
    steps.return(undefined as Result).catch(() => undefined);
  }
}

async function untilSilent(redis: RedisClient, signal: AbortSignal): Promise<never> {
  for (;;) {
    signal.throwIfAborted();
    // A refusal is an answer.
    const answer = redis.ping().catch(() => undefined);
    await pTimeout(answer, {
      milliseconds: ANSWER_MS_MAX,
      message: new AppError('REDIS_UNREACHABLE', 'Redis does not answer any more.'),
    });
    await sleep(ASKED_EVERY_MS, undefined, { signal });
  }
}
