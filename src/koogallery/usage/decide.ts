import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { defineUsageScript, runUsageScript } from './scripts.ts';
import { parseUsageRecord, USAGE_DECISIONS, type UsageRecord } from './usage-record.ts';

/** `abnormal`: what the seller's console shows. `retry`: it is reported again, under a new number. */
export const USAGE_VERBS = [...USAGE_DECISIONS, 'abnormal', 'retry'] as const;
export type UsageVerb = (typeof USAGE_VERBS)[number];

export interface UsageOrder {
  /** Of the record, or a number under which it is or was reported. */
  id: string;
  as: UsageVerb;
  by: string;
  /** For people; of `abnormal` the code that the console shows. */
  reason?: string | undefined;
}

const MAY_BE_BILLED =
  ' The marketplace may bill it; if its console shows that it does not, settle it as abnormal first.';

const resultSchema = z.object({
  verdict: z.enum(['done', 'unknown', 'refused', 'spanTaken']),
  record: z.string(),
  other: z.string(),
});

export const decideScript = defineUsageScript('decide', resultSchema.parse);

/** @returns the record as it is now. @throws AppError USAGE_UNKNOWN, USAGE_STATE */
export async function decideUsage(
  access: ChannelAccess,
  { id, as, by, reason = '' }: UsageOrder,
): Promise<UsageRecord> {
  const values = [id, as, by, reason, randomUUID()];
  const { verdict, record, other } = await runUsageScript(decideScript, access, values);
  if (verdict === 'unknown')
    throw new AppError('USAGE_UNKNOWN', `There is no usage record ${quoted(id, 64)}.`);
  const parsed = parseUsageRecord(record);
  if (verdict === 'done') return parsed;
  if (verdict === 'spanTaken')
    throw new AppError(
      'USAGE_STATE',
      `The record ${parsed.id} was given up, and ${quoted(other, 64)} has its instance, begin and end since. The marketplace bills one of them: settle that one as lost first if it is this one.`,
    );
  const what = as === 'retry' ? 'reported again' : `settled as ${as}`;
  const why = as === 'lost' && parsed.state === 'received' ? MAY_BE_BILLED : '';
  throw new AppError(
    'USAGE_STATE',
    `The record ${parsed.id} is ${parsed.state} and cannot be ${what}.${why}`,
  );
}
