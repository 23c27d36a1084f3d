/**
 * The channels of KooGallery that this process works for: all that are configured, but for those whose purchases become
 * customers of an account that this process does not serve.
 */
import { type OpenChannel, openChannels } from '../../src/koogallery/channels.ts';
import type { Attempt } from '../../src/koogallery/lifecycle/attempt.ts';
import { workByChatApp } from '../../src/koogallery/lifecycle/chatapp-work.ts';
import type { Ending } from '../../src/koogallery/lifecycle/end-task.ts';
import { InstanceWork } from '../../src/koogallery/lifecycle/instance-work.ts';
import { workByWebhook } from '../../src/koogallery/lifecycle/webhook-work.ts';
import { sealOf } from '../../src/koogallery/seal.ts';
import type { Logger } from '../../src/logger.ts';
import type { OpenAccount } from '../../src/onboarding/open-account.ts';
import { openStoreOf } from '../../src/onboarding/open-store.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import type { RedisClient } from '../../src/redis/connect.ts';
import type { Durable } from '../../src/redis/durable.ts';
import { ChannelWorker } from './channel-worker.ts';

export interface ChannelsOrder {
  settings: Settings;
  environment: NodeJS.ProcessEnv;
  /** Those that this process serves. */
  accounts: readonly OpenAccount[];
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
  return channels.flatMap((channel) => {
    const work = workOf(channel, order);
    return work === undefined ? [] : [openChannelWorker(channel, { ...order, work })];
  });
}

type Work = (attempt: Attempt) => Promise<Ending>;

/** @returns undefined if other processes have to do it */
function workOf(channel: OpenChannel, order: ChannelsOrder): Work | undefined {
  const { settings, redis, accounts, environment, logger, now = Date.now } = order;
  const { provision, slug } = channel;
  const way = {
    access: { redis, slug },
    ...{ channel, seal: sealOf(channel), proxy: settings.proxy, now },
  };
  if (provision.kind !== 'chatapp') return (attempt) => workByWebhook(way, attempt);
  const account = accounts.find((each) => each.account.name === provision.account);
  if (account === undefined) {
    const facts = { event: 'koogallery_left', channel: slug, account: provision.account };
    logger.info(facts, 'left to the workers of its account');
    return undefined;
  }
  // Opened anew each time, because another one may be there meanwhile.
  const store = () => openStoreOf(account, environment);
  const registering = { ...way, channel: { ...channel, provision }, account, store };
  return (attempt) => workByChatApp(registering, attempt);
}

function openChannelWorker(
  { slug }: OpenChannel,
  { work, settings, redis, durable, logger, concurrency, stopping }: ChannelsOrder & { work: Work },
): ChannelWorker {
  const access = { redis, slug };
  const { durability } = settings;
  const instances = new InstanceWork({ access, work, durable, durability, logger, stopping });
  return new ChannelWorker({ access, work: instances, concurrency, logger });
}
