/** Whether a Redis is fit for our data: one set of checks, for the start of every program and for `doctor`. */
import { AppError } from '../errors.ts';
import type { RedisClient } from './connect.ts';
import { durabilityOf } from './durability.ts';
import { isVersion, type RedisFacts, readServerFacts } from './server-facts.ts';

const VERSION_MIN = [6, 2] as const;
const PERSISTENCE_HINT =
  'Set appendonly yes and appendfsync always (CONFIG SET, and in redis.conf; for a hosted Redis, among its parameters), use Redis 7.2 or newer, or Valkey, where everysec is enough, or accept the risk with ONBOARD_DURABILITY=relaxed.';
const CLOSED_HINT =
  'Open INFO and CLIENT ID for the user of REDIS_URL, or accept the risk with ONBOARD_DURABILITY=relaxed.';
const UNKNOWN = 'unknown: the server does not disclose it';

export interface RedisFinding {
  what: 'Redis' | 'Redis: eviction' | 'Redis: persistence' | 'Redis: replicas';
  isOk: boolean;
  /** What was found, in a few words. */
  text: string;
  /** What is wrong, as a sentence, if it is not ok. */
  problem: string;
  /** What to do, if it is not ok. */
  hint: string;
  /** The server does not disclose it: that is no fault, and no proof either. */
  isUnknown: boolean;
  /** Nothing may start on a Redis if this is not ok. */
  isFatal: boolean;
}

/** One finding, good or bad, for each thing we need from a Redis. */
export function judgeRedis(facts: RedisFacts): RedisFinding[] {
  const findings = [judgeVersion(facts), judgeEviction(facts), judgePersistence(facts)];
  return facts.replicas > 0 ? [...findings, judgeReplicas(facts)] : findings;
}

function judgeVersion({ version }: RedisFacts): RedisFinding {
  const needed = VERSION_MIN.join('.');
  return {
    what: 'Redis',
    isOk: isVersion(version, VERSION_MIN),
    text: `version ${version}`,
    problem: `Redis is version ${version}; it must be ${needed} or newer.`,
    hint: `Use Redis ${needed} or newer.`,
    isUnknown: version === 'unknown',
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
    hint: 'Set maxmemory-policy noeviction (CONFIG SET, and in redis.conf; for a hosted Redis, among its parameters): Redis must not drop customers.',
    isUnknown: policy === undefined,
    isFatal: policy !== undefined && policy !== 'noeviction',
  };
}

/** What a crash may lose: nothing that was waited for, otherwise the last moments or everything. */
function judgePersistence(facts: RedisFacts): RedisFinding {
  const durability = durabilityOf(facts);
  return {
    what: 'Redis: persistence',
    isOk: durability.kind !== 'never',
    text: describePersistence(facts),
    problem: `${whyItForgets(facts)}, so a customer may be sent twice unnoticed, and a confirmed import, cancel or pause may be forgotten.`,
    hint: facts.runId === '' || waitsInVain(facts) ? CLOSED_HINT : PERSISTENCE_HINT,
    isUnknown: durability.kind === 'never' && isUndisclosed(facts),
    isFatal: false,
  };
}

function describePersistence(facts: RedisFacts): string {
  const { isAppendOnly, fsync } = facts;
  if (isAppendOnly === undefined) return UNKNOWN;
  if (!isAppendOnly) return 'no append-only file';
  const durability = durabilityOf(facts);
  const waits = durability.kind === 'wait' && durability.aof ? '; what matters waits for the disk' : '';
  return `append-only file, fsync ${fsync ?? 'unknown'}${waits}`;
}

function isUndisclosed({ isAppendOnly, fsync, runId }: Pick<RedisFacts, 'isAppendOnly' | 'fsync' | 'runId'>) {
  return isAppendOnly === undefined || (isAppendOnly && fsync === undefined) || runId === '';
}

function whyItForgets(facts: RedisFacts): string {
  const { isAppendOnly, fsync, runId } = facts;
  if (isAppendOnly === false) return 'Redis runs without appendonly: a crash loses everything';
  if (runId === '')
    return 'Redis does not disclose its run_id (INFO is closed): nobody would notice that it was restarted or replaced, and has forgotten what it confirmed';
  if (isAppendOnly && waitsInVain(facts))
    return 'Redis does not say on which connection a command came (CLIENT is closed): nobody can wait for its disk or its replicas';
  if (isUndisclosed(facts))
    return 'Redis does not disclose whether it runs with appendonly yes and appendfsync always: a crash may lose what it has confirmed';
  return `Redis runs with appendfsync ${fsync}: a crash loses the last moments`;
}

/** Whether all that it lacks is CLIENT ID. */
function waitsInVain(facts: RedisFacts): boolean {
  return !facts.tellsConnections && durabilityOf({ ...facts, tellsConnections: true }).kind === 'wait';
}

/** A master that nobody copies any more would accept writes that its successor does not have. */
function judgeReplicas(facts: RedisFacts): RedisFinding {
  const { replicas, replicasMin } = facts;
  const waits = durabilityOf(facts).kind === 'wait' ? '; what matters waits for one of them' : '';
  const isAdvised = replicasMin === 0;
  const advice = '; set min-replicas-to-write 1, so that a master without replicas accepts nothing';
  return {
    what: 'Redis: replicas',
    isOk: true,
    text: `${replicas} connected${waits}${isAdvised ? advice : ''}`,
    problem: '',
    hint: '',
    isUnknown: false,
    isFatal: false,
  };
}

export interface RedisCheck {
  /** To show, whatever happens next. */
  warnings: string[];
  /** Why this Redis may forget what it has confirmed; absent if it cannot. */
  mayForget: string | undefined;
}

/** @throws AppError REDIS_UNSUITABLE if Redis may evict jobs, which would lose customers silently. */
export async function assertSuitableRedis(redis: RedisClient): Promise<RedisCheck> {
  const bad = judgeRedis(await readServerFacts(redis)).filter(({ isOk }) => !isOk);
  const fatal = bad.find(({ isFatal }) => isFatal);
  if (fatal) throw new AppError('REDIS_UNSUITABLE', fatal.problem);
  const mayForget = bad.find(({ what }) => what === 'Redis: persistence')?.problem;
  return { warnings: bad.map(({ problem }) => problem), mayForget };
}

/** @throws AppError REDIS_NOT_DURABLE if Redis may forget what it has confirmed, and nobody has accepted that */
export function assertDurable({ mayForget }: RedisCheck, durability: 'durable' | 'relaxed'): void {
  if (mayForget !== undefined && durability === 'durable') throw new AppError('REDIS_NOT_DURABLE', mayForget);
}
