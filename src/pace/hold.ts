import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { CLOCK, defineScript } from '../redis/script.ts';

export const holdScript = defineScript(new URL('./hold.lua', import.meta.url), {
  includes: [CLOCK],
  decode: z.object({ isHeld: z.literal([0, 1]).transform((flag) => flag === 1) }).parse,
});

export const releaseScript = defineScript(new URL('./release.lua', import.meta.url), {
  decode: z.object({ isReleased: z.literal([0, 1]).transform((flag) => flag === 1) }).parse,
});

export interface Hold {
  by: string;
  why: string;
  /** Of the submits that whoever holds the account has seen, the highest number: a later recovery has settled them. */
  last?: number | undefined;
  /** Names the hold for its release. */
  token?: string | undefined;
}

/** @returns false if the account was recovered since */
export async function hold(
  redis: RedisClient,
  account: string,
  { by, why, last, token }: Hold,
): Promise<boolean> {
  const { paused, counters } = accountKeys(account);
  const { isHeld } = await holdScript.run(redis, [paused, counters], [by, why, last ?? '', token ?? '']);
  return isHeld;
}

/** @returns false if another holds the account by now */
export async function release(redis: RedisClient, account: string, token: string): Promise<boolean> {
  return (await releaseScript.run(redis, [accountKeys(account).paused], [token])).isReleased;
}
