import { z } from 'zod';
import { type ChannelAccess, defineChannelScript, runChannelScript } from './scripts.ts';

/** Codes in one script: a longer one would keep others waiting. */
const CHUNK = 1_000;

const resultSchema = z.object({
  added: z.number(),
  /** Loaded or given away before, or twice in this list. */
  known: z.number(),
});
export type LicensesAdded = z.output<typeof resultSchema>;

export const addLicensesScript = defineChannelScript(new URL('./add-licenses.lua', import.meta.url), {
  needs: 'base',
  decode: resultSchema.parse,
});

/** Loads codes to give away; each counts once, however often it is loaded. */
export async function addLicenses(channel: ChannelAccess, codes: readonly string[]): Promise<LicensesAdded> {
  const sum = { added: 0, known: 0 };
  for (let first = 0; first < codes.length; first += CHUNK) {
    const chunk = codes.slice(first, first + CHUNK);
    const { added, known } = await runChannelScript(addLicensesScript, channel, chunk);
    sum.added += added;
    sum.known += known;
  }
  return sum;
}
