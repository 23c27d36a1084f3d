/** How many calls of a channel were answered with which code. */
import { channelKeys } from '../keys.ts';
import type { ChannelAccess } from './scripts.ts';

export interface CallCount {
  /** One of those that we know, `unknown`, or `unverified` for a signature that was wrong. */
  activity: string;
  code: string;
  isTest: boolean;
  calls: number;
}

export async function countsIn({ redis, slug }: ChannelAccess): Promise<CallCount[]> {
  const counts = await redis.hgetall(channelKeys(slug).counts);
  return Object.entries(counts).map(([field, calls]) => {
    const [activity = '', code = '', test] = field.split(':');
    return { activity, code, isTest: test === 'test', calls: Number(calls) };
  });
}

/** Whether its signature was wrong, so that anybody may have sent it. */
export function isUnverified({ activity }: Pick<CallCount, 'activity'>): boolean {
  return activity === 'unverified';
}

/** Whether the marketplace counts it as one: `000004` only asks it to come again. */
export function isFailure({ code }: Pick<CallCount, 'code'>): boolean {
  return code !== '000000' && code !== '000004';
}
