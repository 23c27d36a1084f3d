/** Tells people of channels that were taken out of the settings and have left something to be done: once each. */
import { follow, standingSchema } from '../notify/conditions.ts';
import { idOf } from '../notify/events.ts';
import type { Raise } from '../notify/look-at-account.ts';
import { Told } from '../notify/told.ts';
import type { RedisClient } from '../redis/connect.ts';
import { redisTime } from '../redis/time.ts';
import { CHANNELS_TOLD } from './keys.ts';
import { readLeftBehind } from './known-channels.ts';

const MICROSECONDS_PER_MS = 1_000;
const CONDITION = { began: 'koogallery.left_behind', afterMs: 0, awayMs: 0 } as const;

/** To be called again and again, by one process at a time. @param slugs that are in the settings */
export async function lookAtLeftBehind(
  redis: RedisClient,
  slugs: readonly string[],
  raise: Raise,
): Promise<void> {
  const left = (await readLeftBehind(redis, slugs)).filter(({ isGone }) => isGone);
  if (left.length === 0 && (await redis.exists(CHANNELS_TOLD).catch(() => 0)) === 0) return;
  const now = Math.floor((await redisTime(redis, CHANNELS_TOLD)) / MICROSECONDS_PER_MS);
  const told = new Told(redis, CHANNELS_TOLD);
  await told.read(now);
  for (const { slug, due, refused, usage } of left) {
    const facts = { channel: slug, due, refused, usage };
    const before = told.of(fieldOf(slug), standingSchema);
    const { news, after } = follow(CONDITION, { before, present: { facts }, now });
    for (const { type, at } of news) await raise({ id: idOf(type, slug, at), type, at, facts });
    await told.remember(fieldOf(slug), after);
  }
  const fields = left.map(({ slug }) => fieldOf(slug));
  for (const field of told.fieldsFrom(FIELD))
    if (!fields.includes(field)) await told.remember(field, undefined);
}

const FIELD = 'left:';
const fieldOf = (slug: string) => `${FIELD}${slug}`;
