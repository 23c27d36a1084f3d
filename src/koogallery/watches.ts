/** What of the channels people are alerted to, as those who look after an installation want it. */
import type { Watch } from '../notify/alerts.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import { channelKeys } from './keys.ts';
import { lookAtChannel } from './lifecycle/look-at-channel.ts';
import { lookAtUsage } from './usage/look-at-usage.ts';

/** @returns undefined if there are no channels */
export function channelWatches({ settings }: { settings: Pick<Settings, 'koogallery'> }) {
  const { channels } = settings.koogallery;
  if (channels.length === 0) return undefined;
  return (redis: RedisClient): Watch[] =>
    channels.map(({ slug, generation, createLateMinutes }) => ({
      lease: channelKeys(slug).telling,
      look: async (raise) => {
        await lookAtChannel({ redis, slug, generation, createLateMinutes }, raise);
        await lookAtUsage({ redis, slug }, raise);
      },
    }));
}
