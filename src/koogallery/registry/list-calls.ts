/** A page of the audit of a channel: its verified calls, or the others, the newest first. */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { channelKeys } from '../keys.ts';
import { isFailure } from './read-counts.ts';
import type { ChannelAccess } from './scripts.ts';

/** Read at once. */
const CHUNK = 500;
/** Looked at for one page at most: a filter may match few of very many. */
const LOOKED_MAX = 20_000;
const CURSOR = /^\d{1,16}-\d{1,10}$/;

/** Which calls of the marketplace. */
export interface CallsOrder {
  limit: number;
  /** From the page before. */
  cursor?: string | undefined;
  /** Only those that were answered with an error. */
  isFailed?: boolean | undefined;
  activity?: string | undefined;
  /** Not the verified ones, but the latest that were not: anybody may have sent them. */
  isUnverified?: boolean | undefined;
  /** Only those about this instance: that name it, or have led to it. */
  instanceId?: string | undefined;
}

/** One call as the audit has it: ids and words of the protocol, no secret, and nothing about a person. */
export interface AuditedCall {
  /** In milliseconds since 1970. */
  at: number;
  activity: string;
  code: string;
  isTest: boolean;
  /** What else is known, by name. */
  facts: Record<string, string>;
}

/** Calls of the marketplace that were recorded. */
export interface CallsPage {
  calls: AuditedCall[];
  /** Where the next page begins; absent if there is none. A page may have fewer than asked for all the same. */
  cursor?: string;
}

const entries = z.array(z.tuple([z.string(), z.array(z.string())]));

/** @throws AppError USAGE if the cursor is none of ours */
export async function listCalls({ redis, slug }: ChannelAccess, order: CallsOrder): Promise<CallsPage> {
  const { limit, cursor } = order;
  if (cursor !== undefined && !CURSOR.test(cursor))
    throw new AppError('USAGE', 'The cursor is not one that a page has named.');
  const keys = channelKeys(slug);
  const stream = order.isUnverified === true ? keys.strangers : keys.calls;
  const calls: AuditedCall[] = [];
  let last = cursor;
  for (let looked = 0; looked < LOOKED_MAX; looked += CHUNK) {
    const end = last === undefined ? '+' : `(${last}`;
    const read = await redis.xrevrange(stream, end, '-', 'COUNT', CHUNK);
    for (const [id, flat] of entries.parse(read)) {
      last = id;
      const call = parseCall(id, flat);
      if (isWanted(call, order)) calls.push(call);
      if (calls.length === limit) return { calls, cursor: id };
    }
    if (read.length < CHUNK) return { calls };
  }
  return last === undefined ? { calls } : { calls, cursor: last };
}

function isWanted(call: AuditedCall, { isFailed, activity, instanceId }: CallsOrder): boolean {
  if (isFailed === true && !isFailure(call)) return false;
  if (instanceId !== undefined && !isAbout(call, instanceId)) return false;
  return activity === undefined || call.activity === activity;
}

function isAbout({ facts }: AuditedCall, id: string): boolean {
  // A create is sent with a number of its own each time, of which only the first becomes the id.
  return [facts.instance, facts.instanceId, facts.license].includes(id);
}

function parseCall(id: string, flat: readonly string[]): AuditedCall {
  const facts: Record<string, string> = {};
  for (let index = 0; index + 1 < flat.length; index += 2) facts[flat[index] ?? ''] = flat[index + 1] ?? '';
  const { activity = 'unknown', code = '', test, ...more } = facts;
  return { at: Number(id.split('-')[0]), activity, code, isTest: test === '1', facts: more };
}
