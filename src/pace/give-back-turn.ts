import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';

const resultSchema = z.object({ wasOurs: z.literal([0, 1]).transform((flag) => flag === 1) });

export const giveBackTurnScript = defineScript(new URL('./give-back-turn.lua', import.meta.url), {
  decode: resultSchema.parse,
});

/** For a reason of its own, the row did not find out whether the outage is over. */
export async function giveBackTurn(
  { redis, account }: { redis: RedisClient; account: string },
  row: string,
): Promise<void> {
  await giveBackTurnScript.run(redis, [accountKeys(account).outage], [row]);
}
