/**
 * The breaker of an account. It opens when the peer refuses the account itself, so that no row burns for a reason
 * that is not the row's. While it is open the pacer grants one probe per interval and nothing else; a probe that
 * is answered for any other reason, or `resume`, closes it.
 */
import type { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { redisTime } from '../redis/time.ts';
import { closeBreaker } from './close-breaker.ts';

export interface OpenBreaker {
  code: string;
  message: string;
  hint: string;
  /** Milliseconds since 1970. */
  since: number;
  nextProbe: number;
}

export interface BreakerOptions {
  account: string;
  /** Interval between two probes, in milliseconds. */
  probeEveryMs: number;
  /** Called after an open breaker was closed. */
  onClosed?: () => Promise<void> | void;
}

export type Breaker = ReturnType<typeof createBreaker>;

export function createBreaker(redis: RedisClient, { account, probeEveryMs, onClosed }: BreakerOptions) {
  const key = accountKeys(account).breaker;

  /** Opens it, or renews the reason of one that is open. */
  async function open(error: AppError, probeAfterMs = probeEveryMs): Promise<void> {
    // The pacer compares with the clock of Redis, so the next probe is set by that clock.
    const now = Math.floor((await redisTime(redis, key)) / 1000);
    const facts = {
      code: error.shownCode,
      message: error.message,
      hint: error.hint,
      nextProbe: now + probeAfterMs,
    };
    await redis.multi().hset(key, facts).hsetnx(key, 'since', String(now)).exec();
  }

  /** Closes it. @returns whether it was open; if it was, `onClosed` has run by then */
  async function close(): Promise<boolean> {
    const wasOpen = await closeBreaker(redis, account);
    if (wasOpen) await onClosed?.();
    return wasOpen;
  }

  async function read(): Promise<OpenBreaker | undefined> {
    const { code, message = '', hint = '', since, nextProbe } = await redis.hgetall(key);
    return code === undefined
      ? undefined
      : { code, message, hint, since: Number(since), nextProbe: Number(nextProbe) };
  }

  return { open, close, read };
}
