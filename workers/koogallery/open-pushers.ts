/** What reports the usage of each channel that has an access key. */
import { openChannels } from '../../src/koogallery/channels.ts';
import { usageWayOf } from '../../src/koogallery/openapi/open-client.ts';
import type { Logger } from '../../src/logger.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import type { RedisClient } from '../../src/redis/connect.ts';
import { UsagePusher } from './usage-pusher.ts';

export interface PushersOrder {
  settings: Pick<Settings, 'koogallery' | 'http' | 'proxy'>;
  /** Where the secrets of the channels are found. */
  environment: NodeJS.ProcessEnv;
  redis: RedisClient;
  logger: Logger;
}

/** Nothing is sent yet. @throws AppError CONFIG_INVALID if the environment lacks a secret */
export function openUsagePushers(order: PushersOrder): UsagePusher[] {
  const { settings, environment, redis, logger } = order;
  return openChannels(settings, environment).flatMap((channel) => {
    const way = usageWayOf(channel, settings.proxy);
    return way ? new UsagePusher({ access: { redis, slug: channel.slug }, way, logger }) : [];
  });
}
