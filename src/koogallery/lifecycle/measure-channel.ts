/** What dashboards measure of a channel: few reads, however many instances there are. */
import { redisTime } from '../../redis/time.ts';
import { channelKeys } from '../keys.ts';
import { countStates, type StateCounts } from '../registry/count-states.ts';
import { type CallCount, countsIn } from '../registry/read-counts.ts';
import type { ChannelAccess } from '../registry/scripts.ts';

const MICROSECONDS_PER_MS = 1_000;

/** What dashboards measure of one channel. */
export interface ChannelMeasures {
  calls: CallCount[];
  instances: number;
  byState: StateCounts;
  /** Instances whose create is still to be done: neither done, nor refused, nor released. */
  opening: number;
  /** How long the oldest of them has waited since its order or the last `retry`, in milliseconds; 0 if there is none. */
  oldestOpeningMs: number;
  /** Instances whose buyers have to tell something first; they are not among those. */
  waiting: number;
  oldestWaitingMs: number;
  /** Instances with something to do, by now or later. */
  due: number;
  /** How long the one has waited that waits longest for its turn, in milliseconds; 0 if none does. */
  oldestDueMs: number;
  /** Tasks that were refused for good. */
  refused: number;
  /** Licenses that can be given away. */
  licensesFree: number;
}

export async function measureChannel(channel: ChannelAccess): Promise<ChannelMeasures> {
  const { redis, slug } = channel;
  const keys = channelKeys(slug);
  const now = (await redisTime(redis, keys.due)) / MICROSECONDS_PER_MS;
  const oldest = async (key: string) => {
    const [, at] = await redis.zrangebyscore(key, '-inf', now, 'WITHSCORES', 'LIMIT', 0, 1);
    return at === undefined ? 0 : Math.max(0, now - Number(at));
  };
  const [calls, instances, byState, opening, waiting, due, refused, licensesFree, ...ages] =
    await Promise.all([
      countsIn(channel),
      redis.zcard(keys.instances),
      countStates(channel),
      redis.zcard(keys.opening),
      redis.zcard(keys.waiting),
      redis.zcard(keys.due),
      redis.zcard(keys.refused),
      redis.llen(keys.licensesFree),
      ...[keys.opening, keys.waiting, keys.due].map(oldest),
    ]);
  const [oldestOpeningMs = 0, oldestWaitingMs = 0, oldestDueMs = 0] = ages;
  return {
    ...{ calls, instances, byState, opening, oldestOpeningMs, waiting, oldestWaitingMs },
    ...{ due, oldestDueMs, refused, licensesFree },
  };
}
