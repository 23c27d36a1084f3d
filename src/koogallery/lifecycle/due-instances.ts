/** Which instances have something to do now: found by the time in Redis, whether or not a job says so. */
import { redisTime } from '../../redis/time.ts';
import { channelKeys } from '../keys.ts';
import type { ChannelAccess } from '../registry/scripts.ts';

const MICROSECONDS_PER_MS = 1_000;

export interface DueInstance {
  id: string;
  /** Since when, in milliseconds since 1970. */
  since: number;
}

/** Those that have waited longest come first. */
export async function readDue({ redis, slug }: ChannelAccess, limit: number): Promise<DueInstance[]> {
  const { due } = channelKeys(slug);
  const now = Math.floor((await redisTime(redis, due)) / MICROSECONDS_PER_MS);
  const flat = await redis.zrangebyscore(due, '-inf', now, 'WITHSCORES', 'LIMIT', 0, limit);
  return flat.flatMap((id, index) => (index % 2 === 0 ? [{ id, since: Number(flat[index + 1]) }] : []));
}
