/** What of usage people are alerted to: a watch for each channel that reports any. */
import type { Watch } from '../../notify/alerts.ts';
import type { ChannelSettings } from '../../onboarding/koogallery-settings.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { lookAtUsage } from './look-at-usage.ts';
import { usageKey } from './scripts.ts';

export function usageWatches(
  channels: readonly Pick<ChannelSettings, 'slug' | 'openApi'>[],
  redis: RedisClient,
): Watch[] {
  const reporting = channels.filter(({ openApi }) => openApi !== undefined);
  return reporting.map(({ slug }) => ({
    lease: usageKey(slug, 'telling'),
    look: (raise) => lookAtUsage({ redis, slug }, raise),
  }));
}
