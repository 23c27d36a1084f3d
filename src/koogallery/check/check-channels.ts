/** Everything about channels that a machine can check before they go live, one finding at a time. */
import type { LookupFunction } from 'node:net';
import { examineDurability } from '../../onboarding/examine-channels.ts';
import { findingOfRedis, RIGHTS_HINT } from '../../onboarding/examine-redis.ts';
import type { Finding } from '../../onboarding/finding.ts';
import { placeOf, type Settings } from '../../onboarding/settings.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { explainRedisError } from '../../redis/explain.ts';
import { channelPrefix } from '../../redis/keys.ts';
import { describePlace, openRedis } from '../../redis/open.ts';
import { findRefused } from '../../redis/permissions.ts';
import { redisTime } from '../../redis/time.ts';
import { whileAnswering } from '../../redis/while-answering.ts';
import type { OpenChannel } from '../channels.ts';
import { channelKeys } from '../keys.ts';
import { countsIn } from '../registry/read-counts.ts';
import { bareHost, checkPublic, judgeAddress } from './address.ts';
import { readHistory } from './call-history.ts';
import { bad, type CheckFinding, note, ok } from './check-finding.ts';
import { judgeClock, unknownClock } from './clocks.ts';
import { judgeCalls } from './judge-calls.ts';
import { judgeKeys } from './judge-keys.ts';
import { judgeTls } from './judge-tls.ts';
import { lookAtTls } from './look-at-tls.ts';
import { isProbedDaily, neededActivities } from './needed-activities.ts';
import { judgeSample, SAMPLE_CALLS, type TakeSample } from './sample.ts';
import {
  checkMarketplaceClock,
  checkOpenApi,
  checkWebhook,
  checkWorkers,
  roundedOff,
  type Way,
} from './surroundings.ts';

const MICROSECONDS_PER_MS = 1_000;
/** How calls are counted whose activity nobody knows. */
const OUR_CALLS = 'unknown:000002:test';

/** How the channels of the marketplace are checked. */
export interface CheckOrder {
  /** The production address; by default below where people find the pages. Only for one channel. */
  url?: URL | undefined;
  /** Who plays the marketplace. */
  takeSample: TakeSample;
  /** Certificates in PEM instead of the public authorities. */
  roots?: readonly string[] | undefined;
  /** How names are looked up for TLS, if not by the system. */
  lookup?: LookupFunction | undefined;
}

export interface Checking extends CheckOrder {
  settings: Settings;
  /** All, because their keys are compared. */
  channels: readonly OpenChannel[];
  /** Those that are checked. */
  chosen: readonly OpenChannel[];
  now: () => number;
}

export async function* checkChannels(checking: Checking): AsyncGenerator<CheckFinding> {
  const { settings, channels } = checking;
  yield* judgeKeys(channels, settings.koogallery.sealKeys);
  const opened = await openRedis(placeOf(settings), { waitsForever: true }).catch(findingOfRedis);
  if ('what' in opened) {
    yield ofRedis(opened);
    yield* checkEach(checking, undefined);
    return;
  }
  try {
    const isUsable = yield* guarded(whileAnswering(opened, checkRedis(checking, opened)), settings);
    // What needs no Redis is checked all the same.
    const rest = checkEach(checking, isUsable ? opened : undefined);
    yield* guarded(isUsable ? whileAnswering(opened, rest) : rest, settings);
  } finally {
    opened.disconnect();
  }
}

const ofRedis = (finding: Finding): CheckFinding => ({
  ...{ ...finding, what: 'connection' },
  ...{ code: 'redis', where: 'Redis' },
});

/** What Redis refuses is a finding too. @returns whether it has refused nothing */
async function* guarded(
  findings: AsyncGenerator<CheckFinding>,
  settings: Settings,
): AsyncGenerator<CheckFinding, boolean> {
  try {
    yield* findings;
    return true;
  } catch (error) {
    yield ofRedis(findingOfRedis(explainRedisError(error, describePlace(placeOf(settings))) ?? error));
    return false;
  }
}

async function* checkEach(checking: Checking, redis: RedisClient | undefined): AsyncGenerator<CheckFinding> {
  const seen = new Set<string>();
  for (const channel of checking.chosen) {
    yield* checkAddressOf(channel, checking, { redis, seen });
    yield* checkWork(channel, checking, redis);
  }
}

async function* checkRedis(checking: Checking, redis: RedisClient): AsyncGenerator<CheckFinding> {
  const { settings, chosen, now } = checking;
  const where = 'Redis';
  const examined = { durability: settings.durability, koogallery: { channels: chosen } };
  for (const finding of await examineDurability(redis, examined))
    yield { ...finding, what: 'durability', code: 'durability', where };
  const refused = new Set<string>();
  for (const { slug } of chosen)
    for (const what of await findRefused(redis, channelPrefix(slug))) refused.add(what);
  const rights = { code: 'rights', where, what: 'rights' } as const;
  if (refused.size === 0) yield ok({ ...rights, text: 'this user may do what is needed' });
  else yield bad({ ...rights, text: `this user may not use ${[...refused].join(', ')}` }, RIGHTS_HINT);
  const [first] = chosen;
  if (first === undefined) return;
  const askedAt = now();
  const theirs = await timeOf(redis, first);
  yield judgeClock(where, 'Redis', (askedAt + now()) / 2 - theirs);
}

const timeOf = async (redis: RedisClient, { slug }: OpenChannel) =>
  (await redisTime(redis, channelKeys(slug).due)) / MICROSECONDS_PER_MS;

interface Shared {
  redis: RedisClient | undefined;
  /** Hosts that were looked at: several channels have the same. */
  seen: Set<string>;
}

async function* checkAddressOf(
  channel: OpenChannel,
  checking: Checking,
  { redis, seen }: Shared,
): AsyncGenerator<CheckFinding> {
  const url = checking.url ?? addressOf(channel, checking.settings);
  if (url === undefined) {
    const said = { code: 'address', where: channel.slug, what: 'address', text: 'is not known' } as const;
    yield bad(said, 'Name it with --url, or set ONBOARD_PUBLIC_URL.');
    return;
  }
  yield judgeAddress(channel.slug, url);
  if (!seen.has(url.host)) {
    seen.add(url.host);
    yield await checkPublic(url.hostname, url);
    if (url.protocol === 'https:') yield* await checkTls(url, checking);
  }
  yield* await checkCalls(channel, checking, { redis, url });
}

/** Below where people find the pages, if that is known. */
function addressOf({ slug }: OpenChannel, { http: { publicUrl } }: Settings): URL | undefined {
  return publicUrl === undefined ? undefined : new URL(`${publicUrl}/koogallery/${slug}`);
}

async function checkTls(url: URL, { roots, lookup, now }: Checking): Promise<CheckFinding[]> {
  const port = Number(url.port || 443);
  const facts = await lookAtTls({ host: bareHost(url), port, roots, lookup });
  if ('unreached' in facts) {
    const said = { code: 'tls_versions', where: url.hostname, what: 'TLS' } as const;
    const text = `no handshake: ${facts.unreached}`;
    return [
      bad({ ...said, text }, 'See that the port is open, and that this machine may go there directly.'),
    ];
  }
  return judgeTls(url.hostname, facts, now());
}

async function checkCalls(
  channel: OpenChannel,
  { takeSample }: Checking,
  { redis, url }: { redis: RedisClient | undefined; url: URL },
): Promise<CheckFinding[]> {
  const { generation, keys, slug } = channel;
  const noted = async () => Number((await redis?.hget(channelKeys(slug).counts, OUR_CALLS)) ?? 0);
  const before = await noted();
  const sample = await takeSample({ endpoint: url, generation, keys, calls: SAMPLE_CALLS });
  const after = await noted();
  const findings = judgeSample(slug, sample, redis && after - before);
  const { date } = sample;
  if (sample.codes.length === 0) return findings;
  if (date === undefined) return [...findings, unknownClock(slug, 'address', 'its answers have no date')];
  return [...findings, judgeClock(slug, 'address', roundedOff(date.ours - date.theirs))];
}

async function* checkWork(
  channel: OpenChannel,
  { settings, now }: Checking,
  redis: RedisClient | undefined,
): AsyncGenerator<CheckFinding> {
  const way: Way = { proxy: settings.proxy, now };
  yield await checkMarketplaceClock(channel, way);
  yield* await checkOpenApi(channel, way);
  yield await checkWebhook(channel, way);
  if (redis === undefined) {
    const said = { code: 'redis', where: channel.slug, what: 'calls and workers' } as const;
    yield note({ ...said, text: 'not looked at: Redis is away' }, 'Repeat it once Redis answers.');
    return;
  }
  yield await checkWorkers(channel, redis);
  const access = { redis, slug: channel.slug };
  const ofRedis = await timeOf(redis, channel);
  const [counts, probes, history] = await Promise.all([
    countsIn(access),
    redis.hgetall(channelKeys(channel.slug).probes),
    readHistory(access, ofRedis),
  ]);
  yield* judgeCalls(channel.slug, {
    ...{ needed: neededActivities(channel), isProbedDaily: isProbedDaily(channel), counts, history },
    probes: new Map(Object.entries(probes).map(([activity, at]) => [activity, Number(at)])),
    now: ofRedis,
  });
}
