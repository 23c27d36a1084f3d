import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { STANDSTILLS_KEPT_MS } from './standstill.ts';

const resultSchema = z.object({ until: z.number() });

export const noteStandstillScript = defineScript(new URL('./note-standstill.lua', import.meta.url), {
  decode: resultSchema.parse,
});

/** Records that nothing could be sent until now. @param since milliseconds since 1970, on the clock of Redis */
export async function noteStandstill(redis: RedisClient, account: string, since: number): Promise<void> {
  const { standstills } = accountKeys(account);
  await noteStandstillScript.run(redis, [standstills], [since, STANDSTILLS_KEPT_MS]);
}
