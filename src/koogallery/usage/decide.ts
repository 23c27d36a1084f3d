import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { defineUsageScript, runUsageScript } from './scripts.ts';
import { parseUsageRecord, USAGE_DECISIONS, type UsageRecord, type UsageState } from './usage-record.ts';

/** `abnormal`: what the seller's console shows. `retry`: it is reported again, under a new number. */
export const USAGE_VERBS = [...USAGE_DECISIONS, 'abnormal', 'retry'] as const;
export type UsageVerb = (typeof USAGE_VERBS)[number];

/** From which states each leads. Nothing is decided about a record that is in a call now. */
const ALLOWED: Readonly<Record<UsageVerb, readonly UsageState[]>> = {
  billed: ['sent', 'abnormal'],
  // What is received may be billed, whatever is decided here.
  lost: ['recorded', 'sent', 'abnormal'],
  abnormal: ['sent', 'received'],
  retry: ['abnormal'],
};

/** What a person may decide about a record. Pure. */
export function verbsFor(record: Pick<UsageRecord, 'state' | 'decision' | 'attempts'>): UsageVerb[] {
  if (isReopenable(record)) return ['billed'];
  return USAGE_VERBS.filter((verb) => ALLOWED[verb].includes(record.state));
}

/** A statement may show later that the marketplace has billed what was given up, if it was ever told of it. As in decide.lua. */
function isReopenable({ state, decision, attempts }: Pick<UsageRecord, 'state' | 'decision' | 'attempts'>) {
  return state === 'settled' && decision === 'lost' && attempts > 0;
}

const ALLOWED_FOR_SCRIPT = JSON.stringify(
  Object.fromEntries(
    USAGE_VERBS.map((verb) => [verb, Object.fromEntries(ALLOWED[verb].map((state) => [state, true]))]),
  ),
);

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
  const values = [id, as, by, reason, randomUUID(), ALLOWED_FOR_SCRIPT];
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
