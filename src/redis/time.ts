/** The clock that all processes share. */
import { z } from 'zod';
import type { RedisClient } from './connect.ts';
import { defineScript } from './script.ts';

const MICROSECONDS_PER_SECOND = 1_000_000;

const resultSchema = z.object({ seconds: z.coerce.number(), microseconds: z.coerce.number() });

export const timeScript = defineScript(new URL('./time.lua', import.meta.url), {
  decode: resultSchema.parse,
});

/**
 * The time of Redis, in microseconds since 1970.
 * @param key on a cluster every node has a clock of its own: the one that holds this key is asked
 */
export async function redisTime(redis: RedisClient, key: string): Promise<number> {
  const { seconds, microseconds } = await timeScript.run(redis, [key], []);
  return seconds * MICROSECONDS_PER_SECOND + microseconds;
}
