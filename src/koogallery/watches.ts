/** What of the channels people are alerted to, as those who look after an installation want it. */
import type { Watch } from '../notify/alerts.ts';
import { accountsOf } from '../onboarding/accounts.ts';
import { alertKindOf } from '../onboarding/open-alerts.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import { alertKeys } from '../redis/keys.ts';
import { channelKeys } from './keys.ts';
import { lookAtChannel } from './lifecycle/look-at-channel.ts';
import { lookAtLeftBehind } from './look-at-channels.ts';
import { lookAtUsage } from './usage/look-at-usage.ts';

/** Without a channel too: the last one may have been taken away. */
export function channelWatches({ settings }: { settings: Settings }) {
  const { channels } = settings.koogallery;
  const slugs = channels.map(({ slug }) => slug);
  // Whoever never had a channel may lack the rights to any key of one.
  const lease = alertKeys(alertKindOf(accountsOf(settings))).lease('channels');
  return (redis: RedisClient): Watch[] => [
    { lease, look: (raise) => lookAtLeftBehind(redis, slugs, raise) },
    ...channels.map(({ slug, generation, createLateMinutes }) => ({
      lease: channelKeys(slug).telling,
      look: async (raise: Parameters<Watch['look']>[0]) => {
        await lookAtChannel({ redis, slug, generation, createLateMinutes }, raise);
        await lookAtUsage({ redis, slug }, raise);
      },
    })),
  ];
}
