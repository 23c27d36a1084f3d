/** The channels of KooGallery that this process works for: all that are configured, whatever accounts it serves. */
import { type OpenChannel, openChannels } from '../../src/koogallery/channels.ts';
import { InstanceWork } from '../../src/koogallery/lifecycle/instance-work.ts';
import { sealOf } from '../../src/koogallery/seal.ts';
import type { Logger } from '../../src/logger.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import type { RedisClient } from '../../src/redis/connect.ts';
import type { Durable } from '../../src/redis/durable.ts';
import { ChannelWorker } from './channel-worker.ts';

export interface ChannelsOrder {
  settings: Settings;
  environment: NodeJS.ProcessEnv;
  redis: RedisClient;
  durable: Durable;
  logger: Logger;
  concurrency: number;
  stopping: AbortSignal;
  now?: (() => number) | undefined;
}

/** None takes anything yet. @throws AppError CONFIG_INVALID that names every secret that is missing */
export function openChannelWorkers(order: ChannelsOrder): ChannelWorker[] {
  const channels = openChannels(order.settings, order.environment);
  return channels.map((channel) => openChannelWorker(channel, order));
}

function openChannelWorker(
  channel: OpenChannel,
  { settings, redis, durable, logger, concurrency, stopping, now = Date.now }: ChannelsOrder,
): ChannelWorker {
  const access = { redis, slug: channel.slug };
  const way = { access, channel, seal: sealOf(channel), proxy: settings.proxy, now };
  const work = new InstanceWork({ way, durable, durability: settings.durability, logger, stopping });
  return new ChannelWorker({ access, work, concurrency, logger });
}
