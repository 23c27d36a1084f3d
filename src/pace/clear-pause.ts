import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { CLOCK, defineScript } from '../redis/script.ts';
import { STANDSTILLS_KEPT_MS } from './standstill.ts';

/** What a script needs that ends a pause. */
export const ENDING_PAUSE = [
  CLOCK,
  new URL('./standstill.lua', import.meta.url),
  new URL('./end-pause.lua', import.meta.url),
];

export const clearPauseScript = defineScript(new URL('./clear-pause.lua', import.meta.url), {
  includes: ENDING_PAUSE,
  isOnce: true,
  decode: z.object({ isHeld: z.literal([0, 1]).transform((flag) => flag === 1) }).parse,
});

/** What BullMQ keeps of a queue that is paused. */
export interface QueueKeys {
  /** Where it marks that. */
  mark: string;
  /** What wakes its workers. */
  wake: string;
}

export function clearPause(
  redis: RedisClient,
  account: string,
  queues: readonly QueueKeys[],
): Promise<{ isHeld: boolean }> {
  const { paused, standstills } = accountKeys(account);
  const keys = [paused, standstills, ...flat(queues)];
  return clearPauseScript.run(redis, keys, [STANDSTILLS_KEPT_MS]);
}

/** As the scripts take them. */
export function flat(queues: readonly QueueKeys[]): string[] {
  return queues.flatMap(({ mark, wake }) => [mark, wake]);
}
