import { z } from 'zod';
import { channelKeys } from '../keys.ts';
import { type ChannelAccess, defineChannelScript, runChannelScript } from '../registry/scripts.ts';

const versions = z.array(z.number());

const resultSchema = z.object({
  isKnown: z.literal([0, 1]).transform((flag) => flag === 1),
  retried: versions,
  superseded: versions,
  hastened: versions,
});

export const retryTasksScript = defineChannelScript(new URL('./retry-tasks.lua', import.meta.url), {
  needs: 'tasks',
  decode: resultSchema.parse,
});

/** Versions of tasks of one instance. */
export interface Retried {
  /** Refused ones that are done again. */
  retried: number[];
  /** Refused ones that a later task has made pointless: withdrawn. */
  superseded: number[];
  /** Those that waited for their next attempt, and begin now. */
  hastened: number[];
}

/** @param by who wants it @returns undefined if there is no such instance */
export async function retryTasks(
  channel: ChannelAccess,
  { id, by }: { id: string; by: string },
): Promise<Retried | undefined> {
  const { isKnown, ...retried } = await runChannelScript(retryTasksScript, channel, [id, by]);
  return isKnown ? retried : undefined;
}

/** A task that was refused for good. */
export interface DeadLetter {
  instanceId: string;
  version: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** Dead letters, the oldest first. */
export async function readRefused(
  { redis, slug }: ChannelAccess,
  /** All by default. */
  limit = -1,
): Promise<DeadLetter[]> {
  const { refused } = channelKeys(slug);
  const flat = await redis.zrangebyscore(refused, '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, limit);
  return flat.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const slash = name.lastIndexOf('/');
    const place = { instanceId: name.slice(0, slash), version: Number(name.slice(slash + 1)) };
    return [{ ...place, at: Number(flat[index + 1]) }];
  });
}
