import { z } from 'zod';
import type { ChannelAccess } from '../registry/scripts.ts';
import { defineUsageScript, runUsageScript } from './scripts.ts';

const PRUNED_AT_ONCE = 200;

const resultSchema = z.object({ pruned: z.number() });

export const pruneScript = defineUsageScript('prune', resultSchema.parse);

/**
 * Forgets some of the records that have been over since before a time; totals stay.
 * @param before milliseconds since 1970: more than 21 days ago, or a span could be given twice
 */
export async function pruneUsage(access: ChannelAccess, before: number): Promise<number> {
  return (await runUsageScript(pruneScript, access, [before, PRUNED_AT_ONCE])).pruned;
}
