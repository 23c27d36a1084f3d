/** What of the channels people are alerted to, as those who look after an installation want it. */
import type { Watch } from '../notify/alerts.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import { channelKeys } from './keys.ts';
import { lookAtChannel } from './lifecycle/look-at-channel.ts';
import { usageWatches } from './usage/watches.ts';

export function channelWatches({ koogallery: { channels } }: Pick<Settings, 'koogallery'>) {
  return (redis: RedisClient): Watch[] => [
    ...channels.map(({ slug, generation, createLateMinutes }) => ({
      lease: channelKeys(slug).telling,
      look: (raise: Parameters<Watch['look']>[0]) =>
        lookAtChannel({ redis, slug, generation, createLateMinutes }, raise),
    })),
    ...usageWatches(channels, redis),
  ];
}
