/** What reports the usage of each channel that has an access key. */
import { openChannels } from '../../src/koogallery/channels.ts';
import { usageWayOf } from '../../src/koogallery/openapi/open-client.ts';
import type { Logger } from '../../src/logger.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import type { RedisClient } from '../../src/redis/connect.ts';
import type { Durable } from '../../src/redis/durable.ts';
import { UsagePusher } from './usage-pusher.ts';

export interface PushersOrder {
  settings: Pick<Settings, 'koogallery' | 'http' | 'proxy' | 'durability'>;
  /** Where the secrets of the channels are found. */
  environment: NodeJS.ProcessEnv;
  redis: RedisClient;
  /** Of that connection. */
  durable: Durable;
  logger: Logger;
}

/** Nothing is sent yet. @throws AppError CONFIG_INVALID if the environment lacks a secret */
export function openUsagePushers(order: PushersOrder): UsagePusher[] {
  const { settings, environment, redis, durable, logger } = order;
  const { durability } = settings;
  return openChannels(settings, environment).flatMap((channel) => {
    const way = usageWayOf(channel, settings.proxy);
    if (way === undefined) return [];
    const access = { redis, slug: channel.slug };
    return new UsagePusher({ access, way, durable, durability, logger });
  });
}
