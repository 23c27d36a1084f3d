/** Whether a Redis may hold our work: one table, for the start of every program and for `doctor`. */
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { RedisClient } from './connect.ts';

/** Longest wait for the first answer of a Redis. */
const FIRST_CONTACT_MS_MAX = 5_000;
const VERSION_MIN = [6, 2] as const;
const UNKNOWN = 'unknown: the server does not tell';

export interface RedisFacts {
  /** `7.0.15`, or `unknown`. */
  version: string;
  /** `undefined` where the server does not tell (hosted ones often hide CONFIG). */
  policy: string | undefined;
  isAppendOnly: boolean | undefined;
}

export interface RedisFinding {
  what: 'Redis' | 'Redis: eviction' | 'Redis: persistence';
  isOk: boolean;
  /** What is so, in a few words. */
  text: string;
  /** What is wrong, as a sentence, where it is not ok. */
  problem: string;
  /** What to do, where it is not ok. */
  hint: string;
  /** Nothing may start on such a Redis. */
  isFatal: boolean;
}

/** @throws AppError REDIS_UNREACHABLE where no answer comes within five seconds. */
export async function inspectRedis(redis: RedisClient): Promise<RedisFacts> {
  const facts = Promise.all([
    redis.info(),
    readSetting(redis, 'maxmemory-policy'),
    readSetting(redis, 'appendonly'),
  ]);
  const [info, policy, appendOnly] = await pTimeout(facts, {
    milliseconds: FIRST_CONTACT_MS_MAX,
    message: new AppError('REDIS_UNREACHABLE', 'Redis does not answer at REDIS_URL.'),
  });
  return {
    version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
    policy,
    isAppendOnly: appendOnly === undefined ? undefined : appendOnly === 'yes',
  };
}

async function readSetting(redis: RedisClient, name: string): Promise<string | undefined> {
  const reply = await redis.config('GET', name).catch(() => undefined);
  return Array.isArray(reply) ? (reply[1] as string | undefined) : undefined;
}

/** One finding for each thing that we need of a Redis, good or bad. */
export function judgeRedis({ version, policy, isAppendOnly }: RedisFacts): RedisFinding[] {
  return [
    {
      what: 'Redis',
      isOk: isNewEnough(version),
      text: `version ${version}`,
      problem: `Redis has version ${version}; it must be ${VERSION_MIN.join('.')} or newer.`,
      hint: `Use Redis ${VERSION_MIN.join('.')} or newer.`,
      isFatal: false,
    },
    {
      what: 'Redis: eviction',
      isOk: policy === 'noeviction',
      text: policy ?? UNKNOWN,
      problem:
        policy === undefined
          ? 'Redis does not tell its maxmemory-policy; it must be noeviction.'
          : `Redis has maxmemory-policy ${policy}: it may drop customers to free memory.`,
      hint: 'CONFIG SET maxmemory-policy noeviction, and in redis.conf: Redis must not drop customers.',
      isFatal: policy !== undefined && policy !== 'noeviction',
    },
    {
      what: 'Redis: persistence',
      isOk: isAppendOnly === true,
      text: isAppendOnly === undefined ? UNKNOWN : `${isAppendOnly ? '' : 'no '}append-only file`,
      problem:
        isAppendOnly === undefined
          ? 'Redis does not tell whether it runs with appendonly; it must be yes.'
          : 'Redis runs without appendonly: a crash of Redis loses recent work.',
      hint: 'CONFIG SET appendonly yes, and in redis.conf: without it a crash of Redis loses recent work.',
      isFatal: false,
    },
  ];
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > VERSION_MIN[0] || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1]);
}

/**
 * @returns warnings to show.
 * @throws AppError REDIS_UNSUITABLE where Redis may evict jobs: that loses customers silently.
 */
export async function assertSuitableRedis(redis: RedisClient): Promise<string[]> {
  const bad = judgeRedis(await inspectRedis(redis)).filter(({ isOk }) => !isOk);
  const fatal = bad.find(({ isFatal }) => isFatal);
  if (fatal) throw new AppError('REDIS_UNSUITABLE', fatal.problem);
  return bad.map(({ problem }) => problem);
}
