import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { queueKeys } from './paused.ts';

const resultSchema = z.object({ isPaused: z.literal([0, 1]).transform((flag) => flag === 1) });

export const keepPausedScript = defineScript(new URL('./keep-paused.lua', import.meta.url), {
  decode: resultSchema.parse,
});

/** Pauses the queues of a paused account again if BullMQ has forgotten that they were. */
export async function keepPaused(redis: RedisClient, account: string): Promise<void> {
  const marks = queueKeys(account).map(({ mark }) => mark);
  await keepPausedScript.run(redis, [accountKeys(account).paused, ...marks], []);
}
