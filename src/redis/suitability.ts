/** Whether a Redis is fit for our data: one set of checks, for the start of every program and for `doctor`. */
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { RedisClient } from './connect.ts';

/** Longest wait for the first answer of a Redis. */
const FIRST_CONTACT_MS_MAX = 5_000;
const VERSION_MIN = [6, 2] as const;
const UNKNOWN = 'unknown: the server does not disclose it';

export interface RedisFacts {
  /** `7.0.15`, or `unknown`. */
  version: string;
  /** `undefined` if the server does not disclose it (hosted ones often hide CONFIG). */
  policy: string | undefined;
  isAppendOnly: boolean | undefined;
  /** `always`, `everysec` or `no`. */
  fsync: string | undefined;
}

export interface RedisFinding {
  what: 'Redis' | 'Redis: eviction' | 'Redis: persistence';
  isOk: boolean;
  /** What was found, in a few words. */
  text: string;
  /** What is wrong, as a sentence, if it is not ok. */
  problem: string;
  /** What to do, if it is not ok. */
  hint: string;
  /** Nothing may start on a Redis if this is not ok. */
  isFatal: boolean;
}

/** @throws AppError REDIS_UNREACHABLE if no answer comes within five seconds. */
export async function inspectRedis(redis: RedisClient): Promise<RedisFacts> {
  const facts = Promise.all([
    redis.info(),
    readSetting(redis, 'maxmemory-policy'),
    readSetting(redis, 'appendonly'),
    readSetting(redis, 'appendfsync'),
  ]);
  const [info, policy, appendOnly, fsync] = await pTimeout(facts, {
    milliseconds: FIRST_CONTACT_MS_MAX,
    message: new AppError('REDIS_UNREACHABLE', 'Redis does not answer at REDIS_URL.'),
  });
  return {
    version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
    policy,
    isAppendOnly: appendOnly === undefined ? undefined : appendOnly === 'yes',
    fsync,
  };
}

async function readSetting(redis: RedisClient, name: string): Promise<string | undefined> {
  const reply = await redis.config('GET', name).catch(() => undefined);
  return Array.isArray(reply) ? (reply[1] as string | undefined) : undefined;
}

/** One finding, good or bad, for each thing we need from a Redis. */
export function judgeRedis(facts: RedisFacts): RedisFinding[] {
  return [judgeVersion(facts), judgeEviction(facts), judgePersistence(facts)];
}

function judgeVersion({ version }: RedisFacts): RedisFinding {
  const needed = VERSION_MIN.join('.');
  return {
    what: 'Redis',
    isOk: isNewEnough(version),
    text: `version ${version}`,
    problem: `Redis is version ${version}; it must be ${needed} or newer.`,
    hint: `Use Redis ${needed} or newer.`,
    isFatal: false,
  };
}

function judgeEviction({ policy }: RedisFacts): RedisFinding {
  return {
    what: 'Redis: eviction',
    isOk: policy === 'noeviction',
    text: policy ?? UNKNOWN,
    problem:
      policy === undefined
        ? 'Redis does not disclose its maxmemory-policy; it must be noeviction.'
        : `Redis has maxmemory-policy ${policy}: it may drop customers to free memory.`,
    hint: 'Set maxmemory-policy noeviction (CONFIG SET, and in redis.conf): Redis must not drop customers.',
    isFatal: policy !== undefined && policy !== 'noeviction',
  };
}

/** What a crash may lose: nothing confirmed with `appendfsync always`, otherwise the last moments or everything. */
function judgePersistence({ isAppendOnly, fsync }: RedisFacts): RedisFinding {
  const isKnown = isAppendOnly !== undefined && fsync !== undefined;
  const forgets = 'a customer may be sent twice unnoticed, and a confirmed import may lack rows';
  return {
    what: 'Redis: persistence',
    isOk: isAppendOnly === true && fsync === 'always',
    text: isKnown ? (isAppendOnly ? `append-only file, fsync ${fsync}` : 'no append-only file') : UNKNOWN,
    problem: !isKnown
      ? `Redis does not disclose whether it runs with appendonly yes and appendfsync always; without them, ${forgets} after a crash.`
      : isAppendOnly
        ? `Redis runs with appendfsync ${fsync}: a crash loses the last moments, so ${forgets}.`
        : `Redis runs without appendonly: a crash loses everything, so ${forgets}.`,
    hint: 'Set appendonly yes and appendfsync always (CONFIG SET, and in redis.conf), or accept the risk with ONBOARD_DURABILITY=relaxed.',
    isFatal: false,
  };
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > VERSION_MIN[0] || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1]);
}

export interface RedisCheck {
  /** To show, whatever happens next. */
  warnings: string[];
  /** Why this Redis may forget what it has confirmed; absent if it cannot. */
  mayForget: string | undefined;
}

/** @throws AppError REDIS_UNSUITABLE if Redis may evict jobs, which would lose customers silently. */
export async function assertSuitableRedis(redis: RedisClient): Promise<RedisCheck> {
  const bad = judgeRedis(await inspectRedis(redis)).filter(({ isOk }) => !isOk);
  const fatal = bad.find(({ isFatal }) => isFatal);
  if (fatal) throw new AppError('REDIS_UNSUITABLE', fatal.problem);
  const mayForget = bad.find(({ what }) => what === 'Redis: persistence')?.problem;
  return { warnings: bad.map(({ problem }) => problem), mayForget };
}

/** @throws AppError REDIS_NOT_DURABLE if Redis may forget what it has confirmed, and nobody has accepted that */
export function assertDurable({ mayForget }: RedisCheck, durability: 'durable' | 'relaxed'): void {
  if (mayForget !== undefined && durability === 'durable') throw new AppError('REDIS_NOT_DURABLE', mayForget);
}
