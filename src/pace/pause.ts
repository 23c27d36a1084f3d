/**
 * The pause of an account, decided by a person. It is checked before every call and kept apart from the queues, because
 * nothing that happens to BullMQ's keys may let a paused account continue.
 */
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { redisTime } from '../redis/time.ts';
import { endStandstill } from './end-standstill.ts';

const MICROSECONDS_PER_MS = 1_000;

export interface PauseFact {
  /** Since when, in milliseconds since 1970. */
  at: number;
  by: string;
}

export type Pause = ReturnType<typeof createPause>;

export function createPause(redis: RedisClient, account: string) {
  const key = accountKeys(account).paused;

  /** Nothing is granted from here on. Whoever paused first stays on record. */
  async function set(by: string): Promise<void> {
    const at = Math.floor((await redisTime(redis, key)) / MICROSECONDS_PER_MS);
    await redis.multi().hsetnx(key, 'at', String(at)).hsetnx(key, 'by', by).exec();
  }

  async function clear(): Promise<void> {
    await endStandstill(redis, account, 'paused');
  }

  async function read(): Promise<PauseFact | undefined> {
    const { at, by = '' } = await redis.hgetall(key);
    return at === undefined ? undefined : { at: Number(at), by };
  }

  return { set, clear, read };
}
