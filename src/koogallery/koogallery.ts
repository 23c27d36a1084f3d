/** What can be done with the channels of an installation: one method for each use case. */
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Durable } from '../redis/durable.ts';
import { type OpenChannel, openChannels } from './channels.ts';
import { channelKeys } from './keys.ts';
import { Receiver } from './receiver/receiver.ts';
import { addLicenses, type LicensesAdded } from './registry/add-licenses.ts';
import type { Instance } from './registry/instance-record.ts';
import { type InstancesOrder, type InstancesPage, listInstances } from './registry/list-instances.ts';
import { readInstance, readTasks } from './registry/read-instance.ts';
import type { ChannelAccess } from './registry/scripts.ts';
import type { Task } from './registry/task-record.ts';

export interface KooGalleryOptions {
  settings: Settings;
  /** Where the secrets of the channels are found. */
  environment: NodeJS.ProcessEnv;
  logger: Logger;
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether or not Redis can be reached now. @throws AppError REDIS_REFUSED if waiting does not help */
  connections(): Promise<{ redis: RedisClient; durable: Durable }>;
  /** @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE, REDIS_REFUSED; REDIS_NOT_DURABLE if it may forget */
  assertDurable(): Promise<void>;
}

export interface ReceiveOrder {
  /** A Redis that may forget what it has confirmed is good enough. */
  allowsDataLoss?: boolean;
}

/** An instance with its history. */
export interface InstanceStory {
  instance: Instance;
  /** The oldest first. */
  tasks: Task[];
}

export class KooGallery {
  readonly channels: readonly OpenChannel[];
  readonly #options: KooGalleryOptions;

  /** @throws AppError CONFIG_INVALID if the environment lacks a secret */
  constructor(options: KooGalleryOptions) {
    this.#options = options;
    this.channels = openChannels(options.settings.koogallery, options.environment);
  }

  /**
   * What answers the marketplace, one for each channel. Redis may be away: then it answers that it cannot.
   * @throws AppError REDIS_NOT_DURABLE, REDIS_UNSUITABLE, REDIS_REFUSED
   */
  async receive({ allowsDataLoss = false }: ReceiveOrder = {}): Promise<Receiver[]> {
    const { settings, logger, now } = this.#options;
    if (!allowsDataLoss) await this.#assertDurable();
    const durability = allowsDataLoss ? 'relaxed' : settings.durability;
    const connections = await this.#options.connections();
    const usageOf = async () => [];
    return this.channels.map(
      (channel) => new Receiver({ ...connections, channel, durability, logger, now, usageOf }),
    );
  }

  /** @throws AppError USAGE if there is no such channel, or the cursor is none of ours */
  async instances(slug: string, order: InstancesOrder): Promise<InstancesPage> {
    return listInstances(await this.#access(slug), order);
  }

  /** @returns undefined if it was never seen. @throws AppError USAGE if there is no such channel */
  async instance(slug: string, id: string): Promise<InstanceStory | undefined> {
    const access = await this.#access(slug);
    const [instance, tasks] = await Promise.all([readInstance(access, id), readTasks(access, id)]);
    return instance && { instance, tasks };
  }

  /** Loads codes for `getLicense` to give away, each once. @throws AppError USAGE, NOT_DURABLE_YET, REDIS_NOT_DURABLE */
  async addLicenses(slug: string, codes: readonly string[]): Promise<LicensesAdded> {
    if (this.channel(slug).generation !== 'license-v1')
      throw new AppError('USAGE', `${slug} gives away no licenses: its generation is not license-v1.`);
    const { settings } = this.#options;
    const { redis, durable } = await this.#options.connections();
    const writes = await durable.begin(channelKeys(slug).durable, settings.durability);
    const added = await addLicenses({ redis, slug }, codes);
    await writes.confirm();
    return added;
  }

  /** @throws AppError USAGE if there is no such channel */
  channel(slug: string): OpenChannel {
    const channel = this.channels.find((each) => each.slug === slug);
    if (channel !== undefined) return channel;
    const known = this.channels.map((each) => each.slug).join(', ') || 'none';
    throw new AppError('USAGE', `There is no channel ${slug} (there is ${known}).`);
  }

  async #access(slug: string): Promise<ChannelAccess> {
    this.channel(slug);
    return { redis: (await this.#options.connections()).redis, slug };
  }

  /** A Redis that is away now is waited for, and says later whether it may forget. */
  async #assertDurable(): Promise<void> {
    await this.#options.assertDurable().catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'REDIS_NOT_DURABLE') throw forgetful(error);
      if (error.code !== 'REDIS_UNREACHABLE') throw error;
      this.#options.logger.warn({ event: 'koogallery_waits', error: error.message }, 'Redis is away');
    });
  }
}

function forgetful(cause: AppError): AppError {
  const message =
    'KooGallery: this Redis may forget what it confirms, and with it a purchase that was acknowledged.';
  return new AppError('REDIS_NOT_DURABLE', message, {
    hint: 'Set appendonly to yes and appendfsync to always in Redis, or accept the risk: `onboard koogallery serve --allow-data-loss`, or ONBOARD_DURABILITY=relaxed.',
    cause,
  });
}
