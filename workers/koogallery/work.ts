/** What a worker process does for the channels of KooGallery, besides jobs. */
import { type OpenChannel, openChannels } from '../../src/koogallery/channels.ts';
import { usageWayOf } from '../../src/koogallery/openapi/open-client.ts';
import type { Logger } from '../../src/logger.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import type { RedisClient } from '../../src/redis/connect.ts';
import { UsagePusher, type UsageTiming } from './usage-pusher.ts';

export interface KooGalleryWorkOptions {
  settings: Pick<Settings, 'koogallery' | 'proxy'>;
  /** Where the secrets of the channels are found. */
  environment: NodeJS.ProcessEnv;
  redis: RedisClient;
  logger: Logger;
  /** Timing of reports that differs from the defaults. */
  usageTiming?: Partial<UsageTiming> | undefined;
}

export class KooGalleryWork {
  readonly #options: KooGalleryWorkOptions;
  readonly #pushers: UsagePusher[];

  /** Nothing is done yet. @throws AppError CONFIG_INVALID if the environment lacks a secret */
  constructor(options: KooGalleryWorkOptions) {
    this.#options = options;
    const channels = openChannels(options.settings.koogallery, options.environment);
    this.#pushers = channels.flatMap((channel) => this.#pusherOf(channel) ?? []);
  }

  start(): void {
    for (const pusher of this.#pushers) pusher.start();
  }

  /** Lets calls in progress finish. */
  async stop(): Promise<void> {
    await Promise.all(this.#pushers.map((pusher) => pusher.stop()));
  }

  #pusherOf(channel: OpenChannel): UsagePusher | undefined {
    const { settings, redis, logger, usageTiming: timing } = this.#options;
    const way = usageWayOf(channel, settings.proxy);
    return way && new UsagePusher({ access: { redis, slug: channel.slug }, way, logger, timing });
  }
}
