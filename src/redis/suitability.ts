/** Whether a Redis may hold our work: one table, for the start of every program and for `doctor`. */
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { RedisClient } from './connect.ts';

/** Longest wait for the first answer of a Redis. */
const FIRST_CONTACT_MS_MAX = 5_000;
const VERSION_MIN = [6, 2] as const;
const UNKNOWN = 'unknown: the server does not say';

export interface RedisFacts {
  /** `7.0.15`, or `unknown`. */
  version: string;
  /** `undefined` if the server does not say (hosted ones often hide CONFIG). */
  policy: string | undefined;
  isAppendOnly: boolean | undefined;
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
  /** Nothing may start on a Redis where this is not ok. */
  isFatal: boolean;
}

/** @throws AppError REDIS_UNREACHABLE if no answer comes within five seconds. */
export async function inspectRedis(redis: RedisClient): Promise<RedisFacts> {
  const info = await pTimeout(redis.info(), {
    milliseconds: FIRST_CONTACT_MS_MAX,
    message: new AppError('REDIS_UNREACHABLE', 'Redis does not answer at REDIS_URL.'),
  });
  const [policy, appendOnly] = await Promise.all([
    readSetting(redis, 'maxmemory-policy'),
    readSetting(redis, 'appendonly'),
  ]);
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

/** One finding, good or bad, for each thing we need of a Redis. */
export function judgeRedis({ version, policy, isAppendOnly }: RedisFacts): RedisFinding[] {
  return [
    {
      what: 'Redis',
      isOk: isNewEnough(version),
      text: `version ${version}`,
      problem: `Redis is version ${version}; it must be ${VERSION_MIN.join('.')} or newer.`,
      hint: `Use Redis ${VERSION_MIN.join('.')} or newer.`,
      isFatal: false,
    },
    {
      what: 'Redis: eviction',
      isOk: policy === 'noeviction',
      text: policy ?? UNKNOWN,
      problem:
        policy === undefined
          ? 'Redis does not say what its maxmemory-policy is; it must be noeviction.'
          : `Redis has maxmemory-policy ${policy}: it may drop customers to free memory.`,
      hint: 'Set maxmemory-policy noeviction (CONFIG SET, and in redis.conf): Redis must not drop customers.',
      isFatal: policy !== undefined && policy !== 'noeviction',
    },
    {
      what: 'Redis: persistence',
      isOk: isAppendOnly === true,
      text: isAppendOnly === undefined ? UNKNOWN : `${isAppendOnly ? '' : 'no '}append-only file`,
      problem:
        isAppendOnly === undefined
          ? 'Redis does not say whether appendonly is on; it must be yes.'
          : 'Redis runs without appendonly: a crash of Redis loses recent work.',
      hint: 'Set appendonly yes (CONFIG SET, and in redis.conf): without it, a crash of Redis loses recent work.',
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
 * @throws AppError REDIS_UNSUITABLE if Redis may evict jobs, which would lose customers silently.
 */
export async function assertSuitableRedis(redis: RedisClient): Promise<string[]> {
  const bad = judgeRedis(await inspectRedis(redis)).filter(({ isOk }) => !isOk);
  const fatal = bad.find(({ isFatal }) => isFatal);
  if (fatal) throw new AppError('REDIS_UNSUITABLE', fatal.problem);
  return bad.map(({ problem }) => problem);
}
