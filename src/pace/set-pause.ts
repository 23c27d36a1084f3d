import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { CLOCK, defineScript } from '../redis/script.ts';
import type { QueueKeys } from './clear-pause.ts';

export const setPauseScript = defineScript(new URL('./set-pause.lua', import.meta.url), {
  includes: [CLOCK],
  isOnce: true,
  decode: () => undefined,
});

/** Nothing of the account is granted from here on. */
export async function setPause(
  redis: RedisClient,
  account: string,
  { by, queues }: { by: string; queues: readonly QueueKeys[] },
): Promise<void> {
  const marks = queues.map(({ mark }) => mark);
  await setPauseScript.run(redis, [accountKeys(account).paused, ...marks], [by]);
}
