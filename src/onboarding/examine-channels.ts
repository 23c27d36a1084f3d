/** Whether what the marketplace is told to be done can be forgotten: by the Redis that holds the channels of KooGallery. */
import type { RedisClient } from '../redis/connect.ts';
import { type Durability, durabilityOf } from '../redis/durability.ts';
import { channelPrefix } from '../redis/keys.ts';
import { readServerFacts } from '../redis/server-facts.ts';
import type { Finding } from './finding.ts';
import type { Settings } from './settings.ts';

const FORGETFUL_HINT =
  'Set appendonly yes and appendfsync always in Redis, or use Redis 7.2 or newer, or Valkey, where everysec is enough. Until then `onboard koogallery serve` does not start without --allow-data-loss.';

type Examined = Pick<Settings, 'durability'> & { koogallery: { channels: readonly { slug: string }[] } };

/** One finding for all channels that are kept alike: on a cluster, each may be on another server. */
export async function examineDurability(redis: RedisClient, settings: Examined): Promise<Finding[]> {
  const bySlug = await Promise.all(
    settings.koogallery.channels.map(async ({ slug }) => {
      const facts = await readServerFacts(redis, `${channelPrefix(slug)}:durable`);
      return { slug, finding: judgeDurability(durabilityOf(facts), settings) };
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

function judgeDurability(durability: Durability, settings: Pick<Settings, 'durability'>): Finding {
  const what = 'KooGallery: durability';
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
