/** The use cases of channels that only read. */
import type { AgreementStore } from '../agreement/store.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Durable } from '../redis/durable.ts';
import { type OpenChannel, openChannels } from './channels.ts';
import { isKnownChannel } from './known-channels.ts';
import { type ChannelMeasures, measureChannel } from './lifecycle/measure-channel.ts';
import { countLicenses, type LicenseCounts } from './registry/count-licenses.ts';
import type { Instance } from './registry/instance-record.ts';
import { type CallsOrder, type CallsPage, listCalls } from './registry/list-calls.ts';
import { type InstancesOrder, type InstancesPage, listInstances } from './registry/list-instances.ts';
import { readInstance, readTasks } from './registry/read-instance.ts';
import type { ChannelAccess } from './registry/scripts.ts';
import type { Task } from './registry/task-record.ts';
import { measureUsage, type UsageMeasures } from './usage/measure-usage.ts';

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
  /** Where the agreements of an account are kept. @throws AppError ACCOUNT_UNKNOWN, STORE_…, PEER_…, REDIS_… */
  storeOf(account: string): Promise<AgreementStore>;
}

/** An instance with its history. */
export interface InstanceStory {
  instance: Instance;
  /** The oldest first. */
  tasks: Task[];
}

/** A channel as dashboards and overviews have it. */
export type MeasuredChannel = ChannelMeasures & { channel: string; usage: UsageMeasures };

export class ReadingChannels {
  readonly channels: readonly OpenChannel[];
  protected readonly options: KooGalleryOptions;

  /** @throws AppError CONFIG_INVALID if the environment lacks a secret */
  constructor(options: KooGalleryOptions) {
    this.options = options;
    this.channels = openChannels(options.settings, options.environment);
  }

  /** @throws AppError CHANNEL_UNKNOWN, USAGE if the cursor is none of ours */
  async instances(slug: string, order: InstancesOrder): Promise<InstancesPage> {
    return listInstances(await this.access(slug), order);
  }

  /** @throws AppError INSTANCE_UNKNOWN if it was never seen, CHANNEL_UNKNOWN */
  async instance(slug: string, id: string): Promise<InstanceStory> {
    const access = await this.access(slug);
    const [instance, tasks] = await Promise.all([readInstance(access, id), readTasks(access, id)]);
    if (instance === undefined) throw unknownInstance(slug, id);
    return { instance, tasks };
  }

  /** A page of the audit. @throws AppError CHANNEL_UNKNOWN, USAGE if the cursor is none of ours */
  async calls(slug: string, order: CallsOrder): Promise<CallsPage> {
    return listCalls(await this.access(slug), order);
  }

  /** How many licenses were loaded, and how many are left. @throws AppError CHANNEL_UNKNOWN */
  async licenses(slug: string): Promise<LicenseCounts> {
    return countLicenses(await this.access(slug));
  }

  /** What dashboards measure of every channel. */
  async measures(): Promise<MeasuredChannel[]> {
    // Without any, there is nothing to ask Redis.
    if (this.channels.length === 0) return [];
    const { redis } = await this.options.connections();
    return Promise.all(
      this.channels.map(async ({ slug }) => {
        const [measured, usage] = await Promise.all([
          measureChannel({ redis, slug }),
          measureUsage({ redis, slug }),
        ]);
        return { channel: slug, ...measured, usage };
      }),
    );
  }

  /** @throws AppError CHANNEL_UNKNOWN */
  channel(slug: string): OpenChannel {
    const channel = this.channels.find((each) => each.slug === slug);
    if (channel !== undefined) return channel;
    const known = this.channels.map((each) => each.slug).join(', ') || 'none';
    throw new AppError('CHANNEL_UNKNOWN', `There is no channel ${slug} (there is ${known}).`);
  }

  /** To read: also of a channel that is in the settings no more. @throws AppError CHANNEL_UNKNOWN */
  protected async access(slug: string): Promise<ChannelAccess> {
    const { redis } = await this.options.connections();
    if (!this.channels.some((each) => each.slug === slug) && !(await isKnownChannel(redis, slug)))
      this.channel(slug);
    return { redis, slug };
  }
}

export function unknownInstance(slug: string, id: string): AppError {
  return new AppError('INSTANCE_UNKNOWN', `There is no instance ${id} in the channel ${slug}.`);
}
