/** What can be done with the channels of an installation: one method for each use case. */
import type { AgreementStore } from '../agreement/store.ts';
import type { By } from '../batch/by.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Durable } from '../redis/durable.ts';
import { type OpenChannel, openChannels } from './channels.ts';
import { BuyerForm } from './form/buyer-form.ts';
import { type FormView, viewForm } from './form/form-view.ts';
import { formLinkOf } from './form/link.ts';
import { channelKeys } from './keys.ts';
import { type ChannelMeasures, measureChannel } from './lifecycle/measure-channel.ts';
import { Nudger } from './lifecycle/nudger.ts';
import { type Retried, readRefused, retryTasks } from './lifecycle/retry-tasks.ts';
import type { UsageOf } from './receiver/query.ts';
import { Receiver } from './receiver/receiver.ts';
import { addLicenses, type LicensesAdded } from './registry/add-licenses.ts';
import { countLicenses, type LicenseCounts } from './registry/count-licenses.ts';
import type { Instance } from './registry/instance-record.ts';
import { type CallsOrder, type CallsPage, listCalls } from './registry/list-calls.ts';
import { type InstancesOrder, type InstancesPage, listInstances } from './registry/list-instances.ts';
import { readInstance, readTasks } from './registry/read-instance.ts';
import type { ChannelAccess } from './registry/scripts.ts';
import type { Task } from './registry/task-record.ts';
import { measureUsage, type UsageMeasures } from './usage/measure-usage.ts';
import { usageFiguresOf } from './usage/usage-port.ts';
import { UsageCases } from './usage-cases.ts';

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

/** A channel as dashboards and overviews have it. */
export type MeasuredChannel = ChannelMeasures & { channel: string; usage: UsageMeasures };

export class KooGallery {
  readonly channels: readonly OpenChannel[];
  readonly #options: KooGalleryOptions;

  /** @throws AppError CONFIG_INVALID if the environment lacks a secret */
  constructor(options: KooGalleryOptions) {
    this.#options = options;
    this.channels = openChannels(options.settings, options.environment);
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
    const usageOf: UsageOf = ({ slug }, { id }) => usageFiguresOf({ redis: connections.redis, slug }, id);
    const { nudge } = new Nudger(connections.redis);
    return this.channels.map(
      (channel) => new Receiver({ ...connections, channel, durability, logger, now, usageOf, nudge }),
    );
  }

  /** What takes from buyers what their purchases do not say, for each channel whose purchases become customers. */
  async forms(): Promise<BuyerForm[]> {
    const { settings, storeOf } = this.#options;
    const connections = await this.#options.connections();
    const { nudge } = new Nudger(connections.redis);
    return this.channels.flatMap((channel) => {
      if (channel.provision.kind !== 'chatapp') return [];
      const { account } = channel.provision;
      const store = () => storeOf(account);
      return new BuyerForm({ ...connections, channel, durability: settings.durability, store, nudge });
    });
  }

  /**
   * The link to the form of an instance, and how it stands.
   * @throws AppError USAGE if the channel has no forms; INSTANCE_UNKNOWN, CHANNEL_UNKNOWN
   */
  async form(slug: string, id: string): Promise<{ link: string; view: FormView }> {
    const { provision, ...channel } = this.channel(slug);
    if (provision.kind !== 'chatapp')
      throw new AppError('USAGE', `${slug} has no forms: its purchases do not become customers.`);
    const { instance, tasks } = await this.instance(slug, id);
    const create = tasks.find(({ type }) => type === 'instance.create');
    return { link: formLinkOf({ ...channel, provision }, id), view: viewForm(channel, instance, create) };
  }

  /** @throws AppError CHANNEL_UNKNOWN, USAGE if the cursor is none of ours */
  async instances(slug: string, order: InstancesOrder): Promise<InstancesPage> {
    return listInstances(await this.#access(slug), order);
  }

  /** @throws AppError INSTANCE_UNKNOWN if it was never seen, CHANNEL_UNKNOWN */
  async instance(slug: string, id: string): Promise<InstanceStory> {
    const access = await this.#access(slug);
    const [instance, tasks] = await Promise.all([readInstance(access, id), readTasks(access, id)]);
    if (instance === undefined) throw unknownInstance(slug, id);
    return { instance, tasks };
  }

  /**
   * Brings the refused tasks of an instance back, and lets one that waits for its next attempt begin at once.
   * @throws AppError INSTANCE_UNKNOWN, CHANNEL_UNKNOWN, NOT_DURABLE_YET
   */
  async retry(slug: string, { id, by }: By & { id: string }): Promise<Retried> {
    const retried = await this.#durably(slug, (access) => retryTasks(access, { id, by }));
    if (retried === undefined) throw unknownInstance(slug, id);
    return retried;
  }

  /** The same for every instance that has refused tasks. @throws AppError CHANNEL_UNKNOWN, NOT_DURABLE_YET */
  async retryRefused(slug: string, { by }: By): Promise<(Retried & { id: string })[]> {
    return this.#durably(slug, async (access) => {
      const all: (Retried & { id: string })[] = [];
      const ids = new Set((await readRefused(access)).map(({ instanceId }) => instanceId));
      for (const id of ids) {
        const retried = await retryTasks(access, { id, by });
        if (retried !== undefined) all.push({ id, ...retried });
      }
      return all;
    });
  }

  /** A page of the audit. @throws AppError CHANNEL_UNKNOWN, USAGE if the cursor is none of ours */
  async calls(slug: string, order: CallsOrder): Promise<CallsPage> {
    return listCalls(await this.#access(slug), order);
  }

  /** How many licenses were loaded, and how many are left. @throws AppError CHANNEL_UNKNOWN */
  async licenses(slug: string): Promise<LicenseCounts> {
    return countLicenses(await this.#access(slug));
  }

  /** What dashboards measure of every channel. */
  async measures(): Promise<MeasuredChannel[]> {
    // Without any, there is nothing to ask Redis.
    if (this.channels.length === 0) return [];
    const { redis } = await this.#options.connections();
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

  /** Loads codes for `getLicense` to give away, each once. @throws AppError USAGE, NOT_DURABLE_YET, REDIS_NOT_DURABLE */
  async addLicenses(slug: string, codes: readonly string[]): Promise<LicensesAdded> {
    if (this.channel(slug).generation !== 'license-v1')
      throw new AppError('USAGE', `${slug} gives away no licenses: its generation is not license-v1.`);
    return this.#durably(slug, (access) => addLicenses(access, codes), this.#options.settings.durability);
  }

  /** What was used through a channel, and how far its report has come. @throws AppError CHANNEL_UNKNOWN */
  async usage(slug: string): Promise<UsageCases> {
    const channel = this.channel(slug);
    const { settings, now } = this.#options;
    const { redis, durable } = await this.#options.connections();
    return new UsageCases({ channel, access: { redis, slug }, durable, settings, now });
  }

  /** @throws AppError CHANNEL_UNKNOWN */
  channel(slug: string): OpenChannel {
    const channel = this.channels.find((each) => each.slug === slug);
    if (channel !== undefined) return channel;
    const known = this.channels.map((each) => each.slug).join(', ') || 'none';
    throw new AppError('CHANNEL_UNKNOWN', `There is no channel ${slug} (there is ${known}).`);
  }

  /** @param durability whether a Redis that may forget is refused: not where people must be able to act all the same */
  async #durably<Result>(
    slug: string,
    change: (access: ChannelAccess) => Promise<Result>,
    durability: 'durable' | 'relaxed' = 'relaxed',
  ): Promise<Result> {
    this.channel(slug);
    const { redis, durable } = await this.#options.connections();
    const writes = await durable.begin(channelKeys(slug).durable, durability);
    const result = await change({ redis, slug });
    await writes.confirm();
    return result;
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

function unknownInstance(slug: string, id: string): AppError {
  return new AppError('INSTANCE_UNKNOWN', `There is no instance ${id} in the channel ${slug}.`);
}
