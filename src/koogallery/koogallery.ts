/** What can be done with the channels of an installation: one method for each use case. */
import type { By } from '../batch/by.ts';
import { AppError } from '../errors.ts';
import type { OpenChannel } from './channels.ts';
import type { CheckOrder } from './check/check-channels.ts';
import type { CheckFinding } from './check/check-finding.ts';
import { type Confirmation, confirmationsFor } from './check/confirmations.ts';
import { BuyerForm } from './form/buyer-form.ts';
import { type FormView, viewForm } from './form/form-view.ts';
import { formLinkOf } from './form/link.ts';
import { channelKeys } from './keys.ts';
import { announceChannels, forgetChannel } from './known-channels.ts';
import { Nudger } from './lifecycle/nudger.ts';
import { type Retried, readRefused, retryTasks } from './lifecycle/retry-tasks.ts';
import { ReadingChannels, unknownInstance } from './reading-channels.ts';
import type { UsageOf } from './receiver/query.ts';
import { Receiver } from './receiver/receiver.ts';
import { addLicenses, type LicensesAdded } from './registry/add-licenses.ts';
import type { ChannelAccess } from './registry/scripts.ts';
import { usageFiguresOf } from './usage/usage-port.ts';
import { UsageCases } from './usage-cases.ts';

export interface ReceiveOrder {
  /** A Redis that may forget what it has confirmed is good enough. */
  allowsDataLoss?: boolean;
}

export class KooGallery extends ReadingChannels {
  /**
   * What answers the marketplace, one for each channel. Redis may be away: then it answers that it cannot.
   * @throws AppError REDIS_NOT_DURABLE, REDIS_UNSUITABLE, REDIS_REFUSED
   */
  async receive({ allowsDataLoss = false }: ReceiveOrder = {}): Promise<Receiver[]> {
    const { settings, logger, now } = this.options;
    if (!allowsDataLoss) await this.#assertDurable();
    const durability = allowsDataLoss ? 'relaxed' : settings.durability;
    const connections = await this.options.connections();
    const slugs = this.channels.map(({ slug }) => slug);
    // Redis may be away; calls are answered meanwhile.
    void announceChannels(connections.redis, slugs, logger);
    const usageOf: UsageOf = ({ slug }, { id }) => usageFiguresOf({ redis: connections.redis, slug }, id);
    const { nudge } = new Nudger(connections.redis);
    return this.channels.map(
      (channel) => new Receiver({ ...connections, channel, durability, logger, now, usageOf, nudge }),
    );
  }

  /** What takes from buyers what their purchases do not say, for each channel whose purchases become customers. */
  async forms(): Promise<BuyerForm[]> {
    const { settings, storeOf } = this.options;
    const connections = await this.options.connections();
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
      throw new AppError('USAGE', `${slug} has no forms: its purchases do not become customers.`, {
        hint: 'Only channels with "provision": {"chatapp": …} have them.',
      });
    const { instance, tasks } = await this.instance(slug, id);
    const create = tasks.find(({ type }) => type === 'instance.create');
    return { link: formLinkOf({ ...channel, provision }, id), view: viewForm(channel, instance, create) };
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

  /**
   * People are told no more of what a channel has left that is in the settings no more. Nothing is deleted: with its slug in
   * the settings again, all of it is there.
   * @throws AppError CHANNEL_UNKNOWN; USAGE if it is in the settings
   */
  async forget(slug: string): Promise<void> {
    if (this.channels.some((each) => each.slug === slug))
      throw new AppError('USAGE', `${slug} is in ONBOARD_KOOGALLERY: take it out first.`);
    const { redis } = await this.options.connections();
    if (!(await forgetChannel(redis, slug))) this.channel(slug);
  }

  /**
   * What a machine can check before channels go live; it makes a few debug calls, and asks the marketplace about a test order.
   * @param slug of the only channel; by default all
   * @throws AppError CHANNEL_UNKNOWN
   */
  async *check(slug: string | undefined, order: CheckOrder): AsyncGenerator<CheckFinding> {
    const { checkChannels } = await import('./check/check-channels.ts');
    const { settings, now } = this.options;
    yield* checkChannels({ ...order, settings, now, channels: this.channels, chosen: this.#chosen(slug) });
  }

  /** What a person must confirm. @param slug of the only channel; by default all. @throws AppError CHANNEL_UNKNOWN */
  confirmations(slug: string | undefined): Confirmation[] {
    return confirmationsFor(this.#chosen(slug));
  }

  /** Loads codes for `getLicense` to give away, each once. @throws AppError USAGE, NOT_DURABLE_YET, REDIS_NOT_DURABLE */
  async addLicenses(slug: string, codes: readonly string[]): Promise<LicensesAdded> {
    if (this.channel(slug).generation !== 'license-v1')
      throw new AppError('USAGE', `${slug} gives away no licenses: its generation is not license-v1.`);
    return this.#durably(slug, (access) => addLicenses(access, codes), this.options.settings.durability);
  }

  /** What was used through a channel, and how far its report has come. @throws AppError CHANNEL_UNKNOWN */
  async usage(slug: string): Promise<UsageCases> {
    const channel = this.channel(slug);
    const { settings, now } = this.options;
    const { redis, durable } = await this.options.connections();
    return new UsageCases({ channel, access: { redis, slug }, durable, settings, now });
  }

  /** @param durability whether a Redis that may forget is refused: not where people must be able to act all the same */
  async #durably<Result>(
    slug: string,
    change: (access: ChannelAccess) => Promise<Result>,
    durability: 'durable' | 'relaxed' = 'relaxed',
  ): Promise<Result> {
    this.channel(slug);
    const { redis, durable } = await this.options.connections();
    const writes = await durable.begin(channelKeys(slug).durable, durability);
    const result = await change({ redis, slug });
    await writes.confirm();
    return result;
  }

  #chosen(slug: string | undefined): readonly OpenChannel[] {
    return slug === undefined ? this.channels : [this.channel(slug)];
  }

  /** A Redis that is away now is waited for, and says later whether it may forget. */
  async #assertDurable(): Promise<void> {
    await this.options.assertDurable().catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'REDIS_NOT_DURABLE') throw forgetful(error);
      if (error.code !== 'REDIS_UNREACHABLE') throw error;
      this.options.logger.warn({ event: 'koogallery_waits', error: error.message }, 'Redis is away');
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
