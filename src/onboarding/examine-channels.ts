/** Whether what the marketplace is told to be done can be forgotten: by the Redis that holds the channels of KooGallery. */
import { Cluster } from 'ioredis';
import type { RedisClient } from '../redis/connect.ts';
import { type Durability, durabilityOf } from '../redis/durability.ts';
import { channelPrefix } from '../redis/keys.ts';
import { type RedisFacts, readServerFacts } from '../redis/server-facts.ts';
import type { Finding } from './finding.ts';
import type { Settings } from './settings.ts';

const FORGETFUL_HINT =
  'Set appendonly yes and appendfsync always in Redis, or use Redis 7.2 or newer, or Valkey, where everysec is enough. Until then `onboard koogallery serve` does not start without --allow-data-loss.';

const WHAT = 'KooGallery: durability';
const REFUSED: Finding = {
  ...{ what: WHAT, isOk: false, text: 'this user may not use the keys of the channels' },
  hint: 'See what is said of its rights.',
};

type Examined = Pick<Settings, 'durability'> & { koogallery: { channels: readonly { slug: string }[] } };

/** One finding for all channels that are kept alike: on a cluster, each may be on another server. */
export async function examineDurability(redis: RedisClient, settings: Examined): Promise<Finding[]> {
  const bySlug = await Promise.all(
    settings.koogallery.channels.map(async ({ slug }) => {
      const facts = await readFacts(redis, slug);
      return { slug, finding: facts ? judgeDurability(durabilityOf(facts), settings) : REFUSED };
    }),
  );
  const texts = [...new Set(bySlug.map(({ finding }) => finding.text))];
  return texts.flatMap((text) => {
    const alike = bySlug.filter(({ finding }) => finding.text === text);
    const [first] = alike;
    if (first === undefined) return [];
    if (texts.length === 1) return [first.finding];
    return [{ ...first.finding, text: `${alike.map(({ slug }) => slug).join(', ')}: ${text}` }];
  });
}

/** @returns undefined if this user may not name a key of the channel, by which its server is found on a cluster */
async function readFacts(redis: RedisClient, slug: string): Promise<RedisFacts | undefined> {
  if (!(redis instanceof Cluster)) return readServerFacts(redis);
  return readServerFacts(redis, `${channelPrefix(slug)}:durable`).catch((error: Error) => {
    if (error.message.includes('NOPERM')) return undefined;
    throw error;
  });
}

function judgeDurability(durability: Durability, settings: Pick<Settings, 'durability'>): Finding {
  const what = WHAT;
  if (durability.kind !== 'never') return { what, isOk: true, text: describe(durability) };
  const text = 'Redis may forget a purchase that was acknowledged, or does not say that it cannot';
  if (settings.durability === 'relaxed')
    return { what, isOk: true, isNote: true, text: `${text}; that was accepted`, hint: FORGETFUL_HINT };
  return { what, isOk: false, text, hint: FORGETFUL_HINT };
}

function describe(durability: Exclude<Durability, { kind: 'never' }>): string {
  if (durability.kind === 'at once') return 'what Redis confirms is on disk (appendfsync always)';
  const { aof, replica } = durability;
  const waits = [
    ...(aof ? ['the disk (WAITAOF)'] : ['the disk (appendfsync always)']),
    ...(replica ? ['a replica (WAIT)'] : []),
  ];
  return `a purchase is acknowledged once it has reached ${waits.join(' and ')}`;
}
