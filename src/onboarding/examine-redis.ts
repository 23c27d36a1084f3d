/** What `doctor` finds out about Redis: whether it is fit for our data, near enough, and lets us do what we do. */
import { Cluster } from 'ioredis';
import { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisError } from '../redis/explain.ts';
import { describePlace } from '../redis/open.ts';
import { findObstacle, findRefused } from '../redis/permissions.ts';
import { medianRoundTripMs } from '../redis/round-trip.ts';
import { readServerFacts } from '../redis/server-facts.ts';
import { judgeRedis, type RedisFinding } from '../redis/suitability.ts';
import { accountsOf } from './accounts.ts';
import type { Finding } from './finding.ts';
import { placeOf, type Settings } from './settings.ts';

/** From here on, distance costs some of the rate. */
const ROUND_TRIP_MS_FAR = 50;

const RIGHTS_HINT =
  'Give the user of REDIS_URL its rights, such as: ACL SETUSER name ~{onboard* ~{rehearsal* ~{koogallery* +@all -@admin -@dangerous +info +client (and +config|get, for what this command tells).';

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
    await tryRights(redis, settings),
    ...(await tryWriting(redis, settings)),
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

async function tryRights(redis: RedisClient, settings: Settings): Promise<Finding> {
  const what = 'Redis: rights';
  const refused = new Set<string>();
  for (const { ledger } of accountsOf(settings))
    for (const command of await findRefused(redis, ledger)) refused.add(command);
  if (refused.size === 0) return { what, isOk: true, text: 'this user may do what is needed' };
  return { what, isOk: false, text: `this user may not use ${[...refused].join(', ')}`, hint: RIGHTS_HINT };
}

/** @returns what Redis as such refuses to whom it lets in: it is a replica, full, or without its disk or replicas */
async function tryWriting(redis: RedisClient, settings: Settings): Promise<Finding[]> {
  const obstacles = await Promise.all(accountsOf(settings).map(({ ledger }) => findObstacle(redis, ledger)));
  const error = obstacles.find((obstacle) => obstacle !== undefined);
  const explained = explainRedisError(error, describePlace(placeOf(settings)));
  return explained ? [{ ...findingOfRedis(explained), what: 'Redis: writing' }] : [];
}

export function judgeDistance(roundTripMs: number): Finding {
  const finding = { what: 'Redis: round trip', isOk: true, text: `${roundTripMs.toFixed(1)} ms` };
  if (roundTripMs <= ROUND_TRIP_MS_FAR) return finding;
  return {
    ...finding,
    hint: 'Run the workers nearer to Redis: so far away, they cannot use the whole rate.',
  };
}
