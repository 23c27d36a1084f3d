/**
 * Compares what became of a channel's calls and tasks with what people were told of it, and tells the difference. What goes
 * on is told again after an hour, and never more often: a marketplace that repeats its calls must not flood anybody.
 */
import { z } from 'zod';
import { follow, standingSchema } from '../../notify/conditions.ts';
import { type EventType, type Facts, idOf } from '../../notify/events.ts';
import type { Raise } from '../../notify/look-at-account.ts';
import { Told } from '../../notify/told.ts';
import type { Generation } from '../../onboarding/koogallery-settings.ts';
import { redisTime } from '../../redis/time.ts';
import { channelKeys } from '../keys.ts';
import { type CallCount, countsIn, isFailure, isUnverified } from '../registry/read-counts.ts';
import type { ChannelAccess } from '../registry/scripts.ts';

const MICROSECONDS_PER_MS = 1_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A buyer may have to ask others for a signed agreement. */
const WAITING_HOURS = 24;
/** As many kinds of failed calls as a message names. */
const NAMED_MAX = 5;

export interface WatchedChannel extends ChannelAccess {
  generation: Generation;
  /** A create that takes longer is late, in minutes. */
  createLateMinutes: number;
}

const hourSchema = z.object({ hour: z.number() });
const daySchema = z.object({ day: z.number() });
const failedSchema = hourSchema.extend({ counts: z.record(z.string(), z.number()) });
const refusedSchema = hourSchema.extend({ latest: z.number() });

interface Look {
  watched: WatchedChannel;
  told: Told;
  raise(type: EventType, at: number, facts: Facts): Promise<void>;
  now: number;
  /** Milliseconds since 1970 at its beginning. */
  hour: number;
}

/** To be called again and again, by one process at a time. */
export async function lookAtChannel(watched: WatchedChannel, raise: Raise): Promise<void> {
  const { redis, slug } = watched;
  const key = channelKeys(slug).told;
  const now = Math.floor((await redisTime(redis, key)) / MICROSECONDS_PER_MS);
  const told = new Told(redis, key);
  await told.read(now);
  const look: Look = {
    ...{ watched, told, now },
    hour: Math.floor(now / HOUR_MS) * HOUR_MS,
    raise: (type, at, facts) =>
      raise({ id: idOf(type, slug, at), type, at, facts: { channel: slug, ...facts } }),
  };
  await lookAtCalls(look);
  await lookAtCreates(look);
  await lookAtWaiting(look);
  await lookAtRefused(look);
  await lookAtLicenses(look);
}

/**
 * Calls of real traffic that were answered with an error. Those that are not verified are told apart: anybody can send one,
 * and must not keep the hour of the others occupied.
 */
async function lookAtCalls(look: Look): Promise<void> {
  const all = await countsIn(look.watched);
  const failed = all.filter((each) => !each.isTest && isFailure(each));
  await lookAtFailed(look, {
    field: 'calls',
    type: 'koogallery.call_failed',
    failed: failed.filter((each) => !isUnverified(each)),
  });
  await lookAtFailed(look, {
    field: 'unverified',
    type: 'koogallery.unverified',
    failed: failed.filter(isUnverified),
  });
}

/** What came before anybody looked is taken as known. */
async function lookAtFailed(
  { told, raise, now, hour }: Look,
  { field, type, failed }: { field: string; type: EventType; failed: readonly CallCount[] },
): Promise<void> {
  const counts = Object.fromEntries(
    failed.map(({ activity, code, calls }) => [`${activity} ${code}`, calls]),
  );
  const before = told.of(field, failedSchema);
  if (before === undefined) return told.remember(field, { hour: 0, counts });
  const more = Object.entries(counts).filter(([name, calls]) => calls > (before.counts[name] ?? 0));
  if (more.length === 0 || before.hour === hour) return;
  const calls = more.reduce((sum, [name, count]) => sum + count - (before.counts[name] ?? 0), 0);
  const codes = more.map(([name]) => name).slice(0, NAMED_MAX);
  await raise(type, now, { calls, codes: codes.join(', ') });
  await told.remember(field, { hour, counts });
}

async function lookAtCreates({ watched, told, raise, now, hour }: Look): Promise<void> {
  const { redis, slug, createLateMinutes: minutes } = watched;
  const { opening } = channelKeys(slug);
  const latest = now - minutes * MINUTE_MS;
  const instances = await redis.zcount(opening, '-inf', latest);
  if (instances === 0 || told.of('creates', hourSchema)?.hour === hour) return;
  const [instance = ''] = await redis.zrangebyscore(opening, '-inf', '+inf', 'LIMIT', 0, 1);
  await raise('koogallery.create_late', hour, { instances, instance, minutes });
  await told.remember('creates', { hour });
}

/** Nothing is broken, and only the buyer can go on: people are told of it once a day. */
async function lookAtWaiting({ watched, told, raise, now }: Look): Promise<void> {
  const { waiting } = channelKeys(watched.slug);
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  const instances = await watched.redis.zcount(waiting, '-inf', now - WAITING_HOURS * HOUR_MS);
  if (instances === 0 || told.of('waiting', daySchema)?.day === day) return;
  const [instance = ''] = await watched.redis.zrangebyscore(waiting, '-inf', '+inf', 'LIMIT', 0, 1);
  await raise('koogallery.data_late', day, { instances, instance, hours: WAITING_HOURS });
  await told.remember('waiting', { day });
}

async function lookAtRefused({ watched, told, raise, now, hour }: Look): Promise<void> {
  const { refused } = channelKeys(watched.slug);
  const [name, at] = await watched.redis.zrevrange(refused, 0, 0, 'WITHSCORES');
  if (name === undefined) return;
  const latest = Number(at);
  const before = told.of('refused', refusedSchema);
  if (before !== undefined && (latest <= before.latest || before.hour === hour)) return;
  const tasks = await watched.redis.zcard(refused);
  await raise('koogallery.task_refused', now, { tasks, instance: name.slice(0, name.lastIndexOf('/')) });
  await told.remember('refused', { hour, latest });
}

/** The next purchase would be answered that there is none. */
async function lookAtLicenses({ watched, told, raise, now }: Look): Promise<void> {
  if (watched.generation !== 'license-v1') return;
  const { licensesFree } = channelKeys(watched.slug);
  const present = (await watched.redis.llen(licensesFree)) === 0 ? { facts: {} } : undefined;
  const condition = { began: 'koogallery.license_empty', afterMs: 0, awayMs: 0 } as const;
  const before = told.of('licenses', standingSchema);
  const { news, after } = follow(condition, { before, present, now });
  for (const { type, at, facts } of news) await raise(type, at, facts);
  await told.remember('licenses', after);
}
