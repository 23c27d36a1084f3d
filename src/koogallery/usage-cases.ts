/** What can be done about the usage of one channel: one method for each use case. */
import { AppError } from '../errors.ts';
import type { Settings } from '../onboarding/settings.ts';
import type { Durable } from '../redis/durable.ts';
import type { OpenChannel } from './channels.ts';
import { channelKeys } from './keys.ts';
import type { ChannelAccess } from './registry/scripts.ts';
import { addUsage, type UsageAdded, type UsageToAdd } from './usage/add-usage.ts';
import { decideUsage, type UsageOrder } from './usage/decide.ts';
import { measureUsage, type UsageMeasures } from './usage/measure-usage.ts';
import { pageUsage, type UsagePage, type UsagePageOrder } from './usage/page-usage.ts';
import { countUsage, listUsage, readTrouble } from './usage/read-usage.ts';
import { hadBy } from './usage/record-codes.ts';
import { instanceFactsOf } from './usage/usage-port.ts';
import type { UsageRecord, UsageState } from './usage/usage-record.ts';

const READ_AT_ONCE = 500;

export interface UsageCasesOptions {
  channel: OpenChannel;
  access: ChannelAccess;
  durable: Durable;
  settings: Pick<Settings, 'durability'>;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface UsageList {
  counts: Record<UsageState, number>;
  records: UsageRecord[];
  /** Why nothing can be sent now, and since when (milliseconds since 1970). */
  trouble?: { code: string; message: string; since: number } | undefined;
}

export class UsageCases {
  readonly #options: UsageCasesOptions;

  constructor(options: UsageCasesOptions) {
    this.#options = options;
  }

  /**
   * Takes all of the records or none; when it returns, they are not lost any more.
   * @throws AppError INPUT_USAGE_INVALID; USAGE_STATE if somebody else gave some of them meanwhile; USAGE if the channel has no
   *   access key; NOT_DURABLE_YET, REDIS_NOT_DURABLE
   */
  async add(order: UsageToAdd): Promise<UsageAdded> {
    const { channel, access, now } = this.#options;
    if (channel.openApi === undefined)
      throw new AppError('USAGE', `${channel.slug} has no openApi, so its usage cannot be reported.`, {
        hint: 'Add openApi with accessKey and secretKey to the channel in ONBOARD_KOOGALLERY, for the workers too.',
      });
    const { usage } = channel.openApi;
    return this.#lastingly('new', () =>
      addUsage(
        {
          access,
          site: channel.site,
          interface: usage.interface,
          now: now(),
          factsOf: (ids) => instanceFactsOf(access, channel, ids),
        },
        order,
      ),
    );
  }

  /** @param order `state`: by default what waits for a person, then what waits to be received */
  async list({ state, limit }: { state?: UsageState | undefined; limit: number }): Promise<UsageList> {
    const { access } = this.#options;
    const states: readonly UsageState[] = state === undefined ? WAITING : [state];
    const records: UsageRecord[] = [];
    for (const each of states)
      if (records.length < limit)
        records.push(...(await listUsage(access, { state: each, limit: limit - records.length })));
    const [counts, trouble] = await Promise.all([countUsage(access), readTrouble(access)]);
    return { counts, records, trouble };
  }

  /** @throws AppError USAGE if the cursor is none of ours */
  page(order: UsagePageOrder): Promise<UsagePage> {
    return pageUsage(this.#options.access, order);
  }

  /** How many records are in which state, and what comes next for those that the marketplace does not have. */
  measure(): Promise<UsageMeasures> {
    return measureUsage(this.#options.access);
  }

  /** @throws AppError USAGE_UNKNOWN, USAGE_STATE, NOT_DURABLE_YET */
  decide(order: UsageOrder): Promise<UsageRecord> {
    return this.#lastingly('change', () => decideUsage(this.#options.access, order));
  }

  /**
   * Has abnormal records reported again: those with a code, or by default all but those that the marketplace says to have
   * already, which it would say once more. @returns how many. @throws AppError NOT_DURABLE_YET
   */
  async retryAll({ by, code }: { by: string; code?: string | undefined }): Promise<number> {
    const { access } = this.#options;
    const { abnormal } = await countUsage(access);
    const found: UsageRecord[] = [];
    for (let first = 0; first < abnormal; first += READ_AT_ONCE)
      found.push(...(await listUsage(access, { state: 'abnormal', first, limit: READ_AT_ONCE })));
    const chosen = found.filter((record) =>
      code === undefined ? hadBy(record.code ?? '', 'new') === undefined : record.code === code,
    );
    return this.#lastingly('change', async () => {
      let retried = 0;
      for (const { id } of chosen) retried += await this.#retry(id, by);
      return retried;
    });
  }

  async #retry(id: string, by: string): Promise<number> {
    try {
      await decideUsage(this.#options.access, { id, as: 'retry', by });
      return 1;
    } catch (error) {
      // Somebody else decided it meanwhile.
      if (error instanceof AppError && error.code === 'USAGE_STATE') return 0;
      throw error;
    }
  }

  /** People must be able to correct what there is, also where Redis may forget. */
  async #lastingly<Result>(what: 'new' | 'change', write: () => Promise<Result>): Promise<Result> {
    const { access, durable, settings } = this.#options;
    const wanted = what === 'new' ? settings.durability : 'relaxed';
    const writes = await durable.begin(channelKeys(access.slug).durable, wanted);
    const result = await write();
    await writes.confirm();
    return result;
  }
}

const WAITING = ['abnormal', 'sent', 'sending', 'recorded'] as const satisfies readonly UsageState[];
