import { z } from 'zod';
import type { ChannelAccess } from '../registry/scripts.ts';
import { defineUsageScript, runUsageScript } from './scripts.ts';
import { parseUsageRecord, type UsageRecord } from './usage-record.ts';

const resultSchema = z.object({
  isHeld: z.literal([0, 1]).transform((flag) => flag === 1),
  records: z.array(z.string().transform(parseUsageRecord)),
});

export const takeScript = defineUsageScript('take', resultSchema.parse);

/** Who makes the calls of a channel, one process at a time. */
export interface Turn {
  token: string;
  /** How long the others stay away after a sign of life, in milliseconds: longer than any call takes. */
  holdMs: number;
}

/** @returns the records that are to be sent now; undefined if another process sends */
export async function takeUsage(
  access: ChannelAccess,
  { token, holdMs }: Turn,
  count: number,
): Promise<UsageRecord[] | undefined> {
  const { isHeld, records } = await runUsageScript(takeScript, access, [token, holdMs, count]);
  return isHeld ? records : undefined;
}
