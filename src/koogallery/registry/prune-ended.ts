import { z } from 'zod';
import { type ChannelAccess, defineChannelScript, runChannelScript } from './scripts.ts';

const DAY_MS = 86_400_000;
/** A create without a nonce is believed for a year, so what it has led to is known for longer. */
const KEPT_MS = 400 * DAY_MS;
const LOOKED_AT_ONCE = 100;

const resultSchema = z.object({ looked: z.number(), pruned: z.number() });

export const pruneEndedScript = defineChannelScript(new URL('./prune-ended.lua', import.meta.url), {
  needs: 'base',
  decode: resultSchema.parse,
});

/**
 * Forgets instances that were released, and news that belong to none, 400 days after the last that was said of them; none
 * with a task that is not over. @returns how many
 */
export async function pruneEnded(channel: ChannelAccess): Promise<number> {
  for (let all = 0; ; ) {
    const { looked, pruned } = await runChannelScript(pruneEndedScript, channel, [KEPT_MS, LOOKED_AT_ONCE]);
    all += pruned;
    if (looked < LOOKED_AT_ONCE) return all;
  }
}
