import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { CLOCK, defineScript } from '../redis/script.ts';
import { STANDSTILLS_KEPT_MS } from './standstill.ts';

const resultSchema = z.object({ hasEnded: z.literal([0, 1]).transform((flag) => flag === 1) });

/** What a script needs that calls `end_standstill`. */
export const ENDING = [CLOCK, new URL('./standstill.lua', import.meta.url)];

export const endStandstillScript = defineScript(new URL('./end-standstill.lua', import.meta.url), {
  includes: ENDING,
  decode: resultSchema.parse,
});

/** The fields that say since when, in milliseconds since 1970. */
const SINCE = { breaker: 'since', paused: 'at' } as const;

/** A field that keeps one going on, whoever wants to end it. */
const GUARDS = { breaker: '', paused: 'why' } as const;

/** Ends an open breaker or a pause, and keeps since when nothing could be sent. @returns whether it was going on */
export async function endStandstill(
  redis: RedisClient,
  account: string,
  kind: keyof typeof SINCE,
): Promise<boolean> {
  const { [kind]: current, standstills } = accountKeys(account);
  const { hasEnded } = await endStandstillScript.run(
    redis,
    [current, standstills],
    [SINCE[kind], STANDSTILLS_KEPT_MS, GUARDS[kind]],
  );
  return hasEnded;
}
