/** Runs a Lua script by its digest, and sends the text once where the server does not know it yet. */
import { createHash } from 'node:crypto';
import type { RedisClient } from './connect.ts';

export type Script<Reply> = (keys: string[], values: (string | number)[]) => Promise<Reply>;

export function createScript<Reply>(redis: RedisClient, lua: string): Script<Reply> {
  const digest = createHash('sha1').update(lua).digest('hex');
  return async (keys, values) => {
    try {
      return (await redis.evalsha(digest, keys.length, ...keys, ...values)) as Reply;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(lua, keys.length, ...keys, ...values)) as Reply;
    }
  };
}

/**
 * The clock that all processes share, in microseconds since 1970.
 * @param key on a cluster every node has a clock of its own: the one that holds this key is asked
 */
export async function redisTime(redis: RedisClient, key: string): Promise<number> {
  const [seconds, microseconds] = (await redis.eval("return redis.call('TIME')", 1, key)) as [string, string];
  return Number(seconds) * 1_000_000 + Number(microseconds);
}
