/** The Redis of the run, and names in it that no other test uses. */
import { randomBytes } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';

export function connectTestRedis(): RedisClient {
  const redis = connectRedis(inject('redisUrl'), { waitsForever: false });
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** For BullMQ, which needs a connection that waits for Redis. */
export function connectBlockingRedis(): RedisClient {
  const redis = connectRedis(inject('redisUrl'), { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A name that no other test uses. */
export function uniqueName(prefix = 't'): string {
  return `${prefix}${randomBytes(5).toString('hex')}`;
}
