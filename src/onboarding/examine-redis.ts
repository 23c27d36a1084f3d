/** What `doctor` finds out about Redis: whether it is fit for our data, near enough, and lets us do what we do. */
import { Cluster } from 'ioredis';
import { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisError } from '../redis/explain.ts';
import { channelPrefix, prefixOf } from '../redis/keys.ts';
import { MEMORY_SHARE_SHORT, type MemoryUse, readMemoryUse } from '../redis/memory.ts';
import { describePlace } from '../redis/open.ts';
import { findObstacle, findRefused, findUntold } from '../redis/permissions.ts';
import { medianRoundTripMs } from '../redis/round-trip.ts';
import { readServerFacts } from '../redis/server-facts.ts';
import { judgeRedis, type RedisFinding } from '../redis/suitability.ts';
import { accountsOf } from './accounts.ts';
import { examineDurability } from './examine-channels.ts';
import type { Finding } from './finding.ts';
import { placeOf, type Settings } from './settings.ts';

/** From here on, distance costs some of the rate. */
const ROUND_TRIP_MS_FAR = 50;
const BYTES_PER_MB = 1024 * 1024;

export const RIGHTS_HINT =
  'Give the user of REDIS_URL its rights: docs/redis.md has the line for ACL SETUSER. Where rename-command has closed one of these, use another Redis.';

const UNTOLD_HINT =
  'Nothing fails without these. What they tell is then unknown: settings of Redis, and whether workers of version 0.1 run.';

/** @throws AppError REDIS_UNREACHABLE; an error of Redis */
export async function examineRedis(
  { settings }: { settings: Settings },
  redis: RedisClient,
): Promise<Finding[]> {
  const judged = judgeRedis(await readServerFacts(redis));
  return [
    ...judged.map(findingOf),
    ...(redis instanceof Cluster ? [describeCluster(redis)] : []),
    ...judged.filter((finding) => stopsWorkers(finding, settings)).map(durabilityFinding),
    ...(await examineDurability(redis, settings)),
    ...(await tryRights(redis, settings)),
    ...(await tryWriting(redis, settings)),
    // Without the right to ask, it is unknown, and `tryRights` says that.
    ...judgeMemory(await readMemoryUse(redis).catch(() => undefined)),
    judgeDistance(await medianRoundTripMs(redis)),
  ];
}

/** @returns what an error says of the way to Redis */
export function findingOfRedis(error: unknown): Finding {
  if (error instanceof AppError) return { what: 'Redis', isOk: false, text: error.message, hint: error.hint };
  throw error;
}

/** What a server does not disclose is no fault: a hosted one often may not tell. */
function findingOf({ what, isOk, isUnknown, text, problem, hint }: RedisFinding): Finding {
  if (isOk) return { what, isOk, text };
  return isUnknown ? { what, isOk: true, isNote: true, text, hint } : { what, isOk, text: problem, hint };
}

function stopsWorkers({ what, isOk, isUnknown }: RedisFinding, { durability }: Settings): boolean {
  return what === 'Redis: persistence' && !isOk && isUnknown && durability === 'durable';
}

function durabilityFinding({ hint }: RedisFinding): Finding {
  const text = 'workers and imports refuse a Redis that does not say that it keeps what it confirms';
  return { what: 'durability', isOk: false, text, hint };
}

function describeCluster(redis: Cluster): Finding {
  return { what: 'Redis: cluster', isOk: true, text: `${redis.nodes('master').length} masters` };
}

/** Everything that is written is behind one of these. */
function prefixesOf(settings: Settings): string[] {
  return [
    ...accountsOf(settings).map(({ ledger }) => prefixOf(ledger)),
    ...settings.koogallery.channels.map(({ slug }) => channelPrefix(slug)),
  ];
}

async function tryRights(redis: RedisClient, settings: Settings): Promise<Finding[]> {
  const what = 'Redis: rights';
  const refused = new Set<string>();
  for (const prefix of prefixesOf(settings))
    for (const command of await findRefused(redis, prefix)) refused.add(command);
  if (refused.size > 0) {
    const text = `this user may not use ${[...refused].join(', ')}`;
    return [{ what, isOk: false, text, hint: RIGHTS_HINT }];
  }
  const untold = await findUntold(redis);
  const text = 'this user may do what is needed';
  if (untold.length === 0) return [{ what, isOk: true, text }];
  return [
    { what, isOk: true, isNote: true, text: `${text}, but not ${untold.join(', ')}`, hint: UNTOLD_HINT },
  ];
}

/** @returns what Redis as such refuses to whom it lets in: it is a replica, full, or without its disk or replicas */
async function tryWriting(redis: RedisClient, settings: Settings): Promise<Finding[]> {
  const obstacles = await Promise.all(prefixesOf(settings).map((prefix) => findObstacle(redis, prefix)));
  const error = obstacles.find((obstacle) => obstacle !== undefined);
  const explained = explainRedisError(error, describePlace(placeOf(settings)));
  return explained ? [{ ...findingOfRedis(explained), what: 'Redis: writing' }] : [];
}

export function judgeMemory(use: MemoryUse | undefined): Finding[] {
  if (use === undefined || use.share < MEMORY_SHARE_SHORT) return [];
  const text = `${Math.floor(use.share * 100)} % of ${Math.round(use.limit / BYTES_PER_MB)} MB is used`;
  const hint = 'Raise maxmemory of Redis, or delete finished batches (`onboard purge BATCH`).';
  return [{ what: 'Redis: memory', isOk: true, isNote: true, text, hint }];
}

export function judgeDistance(roundTripMs: number): Finding {
  const finding = { what: 'Redis: round trip', isOk: true, text: `${roundTripMs.toFixed(1)} ms` };
  if (roundTripMs <= ROUND_TRIP_MS_FAR) return finding;
  return {
    ...finding,
    hint: 'Run the workers nearer to Redis: so far away, they cannot use the whole rate.',
  };
}
