import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { CLOCK, defineScript } from '../redis/script.ts';

export const holdScript = defineScript(new URL('./hold.lua', import.meta.url), {
  includes: [CLOCK],
  decode: z.object({ isHeld: z.literal([0, 1]).transform((flag) => flag === 1) }).parse,
});

export interface Hold {
  by: string;
  why: string;
  /** Of the submits that whoever holds the account has seen, the highest number: a later recovery has settled them. */
  last?: number | undefined;
}

/** @returns false if the account was recovered since */
export async function hold(redis: RedisClient, account: string, { by, why, last }: Hold): Promise<boolean> {
  const { paused, counters } = accountKeys(account);
  const { isHeld } = await holdScript.run(redis, [paused, counters], [by, why, last ?? '']);
  return isHeld;
}
