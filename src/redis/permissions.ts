/** What the user of REDIS_URL may really do, found out by doing it on a key that goes away by itself. */
import type { RedisClient } from './connect.ts';
import { ACCESS_KEYS, channelPrefix } from './keys.ts';
import { RIGHTS } from './rights.ts';

const SCRATCH_SECONDS = 10;
/** How the keys of all channels begin. */
const CHANNELS = channelPrefix('').replace('}', '');

type Tried = Exclude<(typeof RIGHTS)['work' | 'koogallery'][number], 'multi' | 'exec'>;
type Parameters = readonly (string | number)[];

/**
 * For each command, parameters that pass the first check of Redis, which is for their number; rights come second. The key
 * holds a string, so that most then fail for its type and change nothing.
 */
function attemptsOn(key: string): Record<Tried, Parameters> {
  const alone = [key];
  const [field, range] = [
    [key, 'field'],
    [key, 0, 1],
  ];
  return {
    ...{
      bitpos: [key, 1],
      bzpopmin: [key, 1],
      eval: ['return 1', 1, key],
      evalsha: ['0'.repeat(40), 1, key],
    },
    ...{
      exists: alone,
      get: alone,
      getrange: range,
      hdel: field,
      hexists: field,
      hget: field,
      hgetall: alone,
    },
    ...{ hincrby: [key, 'field', 1], hkeys: alone, hlen: alone, hmget: field, hmset: [key, 'field', 1] },
    ...{ hscan: [key, 0], hset: [key, 'field', 1], hsetnx: [key, 'field', 1], hvals: alone, incr: alone },
    ...{ lindex: [key, 0], llen: alone, lpop: alone, lpos: field, lpush: field, lrange: range },
    ...{ lrem: [key, 0, 'element'], ltrim: range, persist: alone, pexpire: [key, SCRATCH_SECONDS * 1_000] },
    ...{ ping: [], pttl: alone, rename: [key, key], rpop: alone, rpoplpush: [key, key], rpush: field },
    ...{ sadd: field, scard: alone, setbit: [key, 1, 1], smembers: alone, srandmember: alone, srem: field },
    ...{ time: [], xadd: [key, '*', 'field', 1], xrange: [key, '-', '+'], xread: ['STREAMS', key, '0'] },
    ...{ xrevrange: [key, '+', '-'], xtrim: [key, 'MAXLEN', 1], zadd: [key, 1, 'member'], zcard: alone },
    ...{ zcount: range, zmscore: field, zpopmin: alone, zrange: range, zrangebylex: [key, '-', '+'] },
    ...{ zrangebyscore: range, zrank: field, zrem: field, zremrangebyrank: range, zremrangebyscore: range },
    ...{ zrevrange: range, zrevrangebyscore: range, zscore: field },
    ...{ set: [key, '1', 'EX', SCRATCH_SECONDS], unlink: alone, del: alone },
  };
}

/**
 * @param prefix of the keys that are tried, such as `{onboard:default}`: a user may be confined to some
 * @returns what is refused and needed, such as `EVAL` or `the keys {onboard:default}*`; empty if nothing is
 */
export async function findRefused(redis: RedisClient, prefix: string): Promise<string[]> {
  const key = `${prefix}:doctor`;
  const refused = new Set<string>();
  const note = (name: string, keys: string) => (error: unknown) => {
    const { message } = error as Error;
    if (/NOPERM.*\bkeys?\b/s.test(message)) refused.add(`the keys ${keys}`);
    else if (isRefusal(message)) refused.add(name);
  };
  await redis.set(key, '1', 'EX', SCRATCH_SECONDS).catch(note('SET', `${prefix}*`));
  const needless: readonly string[] = key.startsWith(CHANNELS) ? [] : RIGHTS.koogallery;
  const attempts = Object.entries(attemptsOn(key)).filter(([command]) => !needless.includes(command));
  for (const [command, parameters] of attempts)
    await redis.call(command, ...parameters).catch(note(command.toUpperCase(), `${prefix}*`));
  await redis
    .multi()
    .exists(key)
    .exec()
    .catch(note('MULTI', `${prefix}*`));
  await redis.exists(ACCESS_KEYS).catch(note('EXISTS', ACCESS_KEYS));
  return [...refused].sort();
}

/** @returns what is refused and not needed: some things are then unknown */
export async function findUntold(redis: RedisClient): Promise<string[]> {
  const attempts = [
    ['CONFIG', 'GET', 'appendfsync'],
    ['CLIENT', 'LIST'],
    ['CLIENT', 'SETNAME', 'onboard-doctor'],
  ] as const;
  const refused: string[] = [];
  for (const [command, word, ...parameters] of attempts)
    await redis.call(command, word, ...parameters).catch(({ message }: Error) => {
      if (isRefusal(message)) refused.push(`${command} ${word}`);
    });
  return refused;
}

const isRefusal = (message: string) => /NOPERM|unknown command/i.test(message);

/**
 * Writes a key that goes away by itself.
 * @returns the error that stands in the way, other than a right that `findRefused` names
 */
export async function findObstacle(redis: RedisClient, prefix: string): Promise<Error | undefined> {
  return redis.set(`${prefix}:doctor`, '1', 'EX', SCRATCH_SECONDS).then(
    () => undefined,
    (error: Error) => (isRefusal(error.message) ? undefined : error),
  );
}
