import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { CLOCK, defineScript } from '../redis/script.ts';
import { STANDSTILLS_KEPT_MS } from './standstill.ts';

export const closeBreakerScript = defineScript(new URL('./close-breaker.lua', import.meta.url), {
  includes: [CLOCK, new URL('./standstill.lua', import.meta.url)],
  isOnce: true,
  decode: z.object({ wasOpen: z.literal([0, 1]).transform((flag) => flag === 1) }).parse,
});

/** Keeps for how long nothing could be sent. @returns whether it was open */
export async function closeBreaker(redis: RedisClient, account: string): Promise<boolean> {
  const { breaker, standstills } = accountKeys(account);
  return (await closeBreakerScript.run(redis, [breaker, standstills], [STANDSTILLS_KEPT_MS])).wasOpen;
}
