/** What the user of REDIS_URL may really do, found out by doing it on a key that goes away by itself. */
import type { RedisClient } from './connect.ts';
import { ACCESS_KEYS } from './keys.ts';

const SCRATCH_SECONDS = 10;

type Attempt = readonly [command: string, ...parameters: (string | number)[]];

/** One of each kind that we and BullMQ use; the script creates the key, and its last deletes it. */
function attemptsOn(key: string): Attempt[] {
  return [
    ['EVAL', "return redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])", 1, key, '1', SCRATCH_SECONDS],
    ['EVALSHA', '0'.repeat(40), 1, key],
    ['GET', key],
    ['EXISTS', key],
    ['DEL', key],
    ['HSET', `${key}:hash`, 'field', '1'],
    ['ZADD', `${key}:zset`, 1, 'member'],
    ['LPUSH', `${key}:list`, '1'],
    ['SETBIT', `${key}:bits`, 1, 1],
    ['XADD', `${key}:stream`, '*', 'field', '1'],
    ['BZPOPMIN', `${key}:zset`, 1],
    ['UNLINK', `${key}:hash`, `${key}:list`, `${key}:bits`, `${key}:stream`],
    ['EXISTS', ACCESS_KEYS],
    ['INFO', 'server'],
    ['TIME'],
    ['CLIENT', 'ID'],
    ['CLIENT', 'LIST'],
    ['CLIENT', 'SETNAME', 'onboard-doctor'],
    ['WAIT', 0, 1],
  ];
}

/**
 * @param prefix of the keys that are tried, such as `{onboard:default}`: a user may be confined to some
 * @returns what is refused, such as `EVAL` or `the keys {onboard:default}*`; empty if nothing is
 */
export async function findRefused(redis: RedisClient, prefix: string): Promise<string[]> {
  const key = `${prefix}:doctor`;
  const refused = new Set<string>();
  for (const [command, ...parameters] of attemptsOn(key)) {
    const keys = parameters.includes(ACCESS_KEYS) ? ACCESS_KEYS : `${prefix}*`;
    const name = command === 'CLIENT' ? `CLIENT ${parameters[0]}` : command;
    await redis.call(command, ...parameters).catch(({ message }: Error) => {
      if (/NOPERM.*\bkeys?\b/s.test(message)) refused.add(`the keys ${keys}`);
      else if (/NOPERM|unknown command/i.test(message)) refused.add(name);
    });
  }
  return [...refused];
}

/**
 * Writes a key that goes away by itself.
 * @returns the error that stands in the way, other than a right that `findRefused` names
 */
export async function findObstacle(redis: RedisClient, prefix: string): Promise<Error | undefined> {
  return redis.set(`${prefix}:doctor`, '1', 'EX', SCRATCH_SECONDS).then(
    () => undefined,
    (error: Error) => (error.message.includes('NOPERM') ? undefined : error),
  );
}
