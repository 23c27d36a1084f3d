/**
 * Which channels an installation has had: a slug that is taken out of the settings leaves everything in Redis, and nobody
 * works for it any more. An index of its own, because a channel's keys know only their own channel.
 */
import type { Logger } from '../logger.ts';
import type { Finding } from '../onboarding/finding.ts';
import type { RedisClient } from '../redis/connect.ts';
import { redisTime } from '../redis/time.ts';
import { plural } from '../text.ts';
import { channelKeys, KNOWN_CHANNELS } from './keys.ts';
import { countUsage } from './usage/read-usage.ts';
import { PENDING_STATES } from './usage/usage-record.ts';

const MICROSECONDS_PER_MS = 1_000;
/** After this, no process has a channel any more; with several files, another one may. In milliseconds. */
const GONE_AFTER_MS = 3_600_000;

/** What is left of a channel that is not in the settings. */
export interface LeftBehind {
  slug: string;
  /** Instances with something to do. */
  due: number;
  /** Tasks that were refused for good. */
  refused: number;
  /** Usage that the marketplace does not have for certain, or does not bill. */
  usage: number;
  /** No process has had it for an hour. */
  isGone: boolean;
}

/** Notes that this process has these channels now. To be repeated more often than every hour while it does. */
export async function enterChannels(redis: RedisClient, slugs: readonly string[]): Promise<void> {
  if (slugs.length === 0) return;
  const now = await readNow(redis);
  await redis.zadd(KNOWN_CHANNELS, ...slugs.flatMap((slug) => [now, slug]));
}

/** At the start of a process: notes its channels, and warns of those that are there no more. Never throws. */
export async function announceChannels(
  redis: RedisClient,
  slugs: readonly string[],
  logger: Logger,
): Promise<void> {
  try {
    await enterChannels(redis, slugs);
    for (const left of await readLeftBehind(redis, slugs)) {
      const facts = { event: 'koogallery_left_behind', channel: left.slug, hint: hintOf(left) };
      logger.warn(facts, describe(left));
    }
  } catch (error) {
    const facts = { event: 'koogallery_index_failed', error: (error as Error).message };
    logger.warn(facts, 'whether a former channel has left something could not be found out');
  }
}

/** What `doctor` says. Within the hour another process may still have it, from a file of its own. */
export async function findLeftBehind(redis: RedisClient, slugs: readonly string[]): Promise<Finding[]> {
  const left = await readLeftBehind(redis, slugs);
  return left.map((each) => {
    const finding = { what: `KooGallery: ${each.slug}`, text: describe(each), hint: hintOf(each) };
    return each.isGone ? { ...finding, isOk: false } : { ...finding, isOk: true, isNote: true };
  });
}

/** Whether there ever was such a channel, configured or not. */
export async function isKnownChannel(redis: RedisClient, slug: string): Promise<boolean> {
  return (await redis.zscore(KNOWN_CHANNELS, slug)) !== null;
}

/** People are told of it no more; nothing of what it has left is deleted. @returns whether it was known */
export async function forgetChannel(redis: RedisClient, slug: string): Promise<boolean> {
  return (await redis.zrem(KNOWN_CHANNELS, slug)) === 1;
}

/**
 * Channels that once were, are not among these, and have something left to be done.
 * @returns none if Redis may not be asked: a user without rights to these keys has never had a channel
 */
export async function readLeftBehind(redis: RedisClient, slugs: readonly string[]): Promise<LeftBehind[]> {
  const flat = await redis.zrange(KNOWN_CHANNELS, '0', '-1', 'WITHSCORES').catch((error: Error) => {
    if (error.message.includes('NOPERM')) return [];
    throw error;
  });
  if (flat.length === 0) return [];
  const now = await readNow(redis);
  const others = flat.flatMap((slug, index) =>
    index % 2 === 0 && !slugs.includes(slug) ? [{ slug, seenAt: Number(flat[index + 1]) }] : [],
  );
  const left = await Promise.all(
    others.map(async ({ slug, seenAt }) => ({
      ...(await countLeft(redis, slug)),
      isGone: now - seenAt > GONE_AFTER_MS,
    })),
  );
  return left.filter(({ due, refused, usage }) => due + refused + usage > 0);
}

function describe({ slug, due, refused, usage }: LeftBehind): string {
  const left = [
    ...(due > 0 ? [`${plural(due, 'instance')} with something to do`] : []),
    ...(refused > 0 ? [plural(refused, 'refused task')] : []),
    ...(usage > 0 ? [`${plural(usage, 'usage record')} not settled`] : []),
  ];
  return `${slug} is not in the settings, and has left ${left.join(', ')}`;
}

function hintOf({ slug }: LeftBehind): string {
  return `Put ${slug} back into ONBOARD_KOOGALLERY until its work is done; see it with \`onboard koogallery instances ${slug}\`. If nobody wants it: \`onboard koogallery forget ${slug}\`.`;
}

async function countLeft(redis: RedisClient, slug: string): Promise<Omit<LeftBehind, 'isGone'>> {
  const keys = channelKeys(slug);
  const [due, refused, counts] = await Promise.all([
    redis.zcard(keys.due),
    redis.zcard(keys.refused),
    countUsage({ redis, slug }),
  ]);
  const pending = PENDING_STATES.reduce((sum, state) => sum + counts[state], 0);
  return { slug, due, refused, usage: pending + counts.abnormal };
}

async function readNow(redis: RedisClient): Promise<number> {
  return Math.floor((await redisTime(redis, KNOWN_CHANNELS)) / MICROSECONDS_PER_MS);
}
