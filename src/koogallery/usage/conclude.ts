import { z } from 'zod';
import { jsonForScript } from '../../redis/json.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { defineUsageScript, runUsageScript } from './scripts.ts';
import type { Turn } from './take.ts';

/** What became of one record. */
export interface UsageResult {
  meteringSn: string;
  /**
   * `lost`: it left, and no answer came. `back`: it was certainly not taken. `hadNumber`, `hadSpan`: the marketplace has one
   * of this number or span, which is received if it can be no other record, else abnormal.
   */
  as: 'received' | 'abnormal' | 'lost' | 'back' | 'hadNumber' | 'hadSpan';
  code?: string | undefined;
  /** An answer of the call that it was in was lost before this came. */
  wasLost?: boolean;
}

/** Why nothing can be sent for a channel. */
export interface UsageTrouble {
  code: string;
  message: string;
}

const resultSchema = z.object({ moved: z.number(), received: z.number(), abnormal: z.number() });

export const concludeScript = defineUsageScript('conclude', resultSchema.parse);

/** @returns how many records were moved by it, and of them how many to these two states */
export async function concludeUsage(
  access: ChannelAccess,
  { token, holdMs }: Turn,
  { results, trouble }: { results: readonly UsageResult[]; trouble?: UsageTrouble | undefined },
): Promise<z.output<typeof resultSchema>> {
  // Redis' decoder has no empty list: it would be an object, which is walked the same.
  const values = [token, holdMs, jsonForScript(results), trouble === undefined ? '' : jsonForScript(trouble)];
  return runUsageScript(concludeScript, access, values);
}
