/**
 * Reports the usage of a channel: a timer in every worker process, of which one at a time makes calls. It is not a BullMQ
 * job: what is due is in the records, and a job that is lost would cost money.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { channelKeys } from '../../src/koogallery/keys.ts';
import type { UsagePushWay } from '../../src/koogallery/openapi/usage-push.ts';
import type { ChannelAccess } from '../../src/koogallery/registry/scripts.ts';
import { concludeUsage } from '../../src/koogallery/usage/conclude.ts';
import { pruneUsage } from '../../src/koogallery/usage/prune.ts';
import { type Pushed, type Pushing, pushBatch } from '../../src/koogallery/usage/push-batch.ts';
import type { Turn } from '../../src/koogallery/usage/take.ts';
import type { Logger } from '../../src/logger.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import type { Durable } from '../../src/redis/durable.ts';
import { Complaints } from '../complaints.ts';

/** Most records of one call, as documented; an older page says 100, and then the marketplace says so too. */
const BATCH_MAX = 1_000;
const DAY_MS = 86_400_000;
/** How long a record is kept that is over. The marketplace takes usage of the last 21 days. */
const KEPT_MS = 35 * DAY_MS;
const TIDY_EVERY_MS = 3_600_000;

export interface UsageTiming {
  /** Time between two looks, in milliseconds. */
  everyMs: number;
  /** Longest time between two looks while there is trouble, in milliseconds: short enough for a window of 15 minutes. */
  troubleMsMax: number;
  /** How long a process that has died keeps the others from making calls, in milliseconds: longer than a call takes. */
  holdMs: number;
}
const TIMING: UsageTiming = { everyMs: 20_000, troubleMsMax: 4 * 60_000, holdMs: 60_000 };

export interface UsagePusherOptions {
  access: ChannelAccess;
  way: UsagePushWay;
  /** Nothing is reported that this Redis may still forget. */
  durable: Pick<Durable, 'begin'>;
  durability: Settings['durability'];
  logger: Logger;
  /** Timing that differs from the defaults. */
  timing?: Partial<UsageTiming> | undefined;
}

export class UsagePusher {
  readonly #options: UsagePusherOptions;
  readonly #timing: UsageTiming;
  readonly #turn: Turn;
  readonly #pushing: Pushing;
  readonly #complaints: Complaints;
  readonly #ending = new AbortController();
  #running: Promise<void> | undefined;
  /** In a row. */
  #troubles = 0;
  #tidyFrom = 0;

  constructor(options: UsagePusherOptions) {
    const { access, way, durable, durability, logger, timing } = options;
    this.#options = options;
    this.#timing = { ...TIMING, ...timing };
    this.#turn = { token: randomUUID(), holdMs: this.#timing.holdMs };
    const { signal: ending } = this.#ending;
    const begin = () => durable.begin(channelKeys(access.slug).durable, durability);
    this.#pushing = {
      access,
      way,
      begin,
      turn: this.#turn,
      limits: { batchMax: BATCH_MAX, ceiling: BATCH_MAX },
      ending,
    };
    this.#complaints = new Complaints(logger, 'usage_failed');
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Lets a call in progress finish, and others take over at once. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    const { access } = this.#options;
    await this.#complaints.guard('lease', async () => {
      await concludeUsage(access, { ...this.#turn, holdMs: 1 }, { results: [] });
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#complaints.guard('push', () => this.#round());
      const { everyMs, troubleMsMax } = this.#timing;
      const waitMs = Math.min(everyMs * 2 ** this.#troubles, Math.max(troubleMsMax, everyMs));
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Sends all that is due. */
  async #round(): Promise<void> {
    for (let isMore = true; isMore && !this.#ending.signal.aborted; ) {
      const pushed = await pushBatch(this.#pushing);
      this.#note(pushed);
      isMore = (pushed.taken ?? 0) > 0 && pushed.trouble === undefined;
    }
    if (performance.now() < this.#tidyFrom) return;
    this.#tidyFrom = performance.now() + TIDY_EVERY_MS;
    while (
      (await pruneUsage(this.#options.access, Date.now() - KEPT_MS)) > 0 &&
      !this.#ending.signal.aborted
    );
  }

  #note({ taken, received, abnormal, trouble }: Pushed): void {
    const { access, logger } = this.#options;
    this.#troubles = trouble === undefined ? 0 : this.#troubles + 1;
    if (!taken) return;
    const facts = { channel: access.slug, records: taken, received, abnormal };
    // What the marketplace says may repeat what was sent.
    if (trouble !== undefined)
      logger.warn({ event: 'usage_waits', ...facts, code: trouble.code }, 'usage cannot be reported now');
    else logger.info({ event: 'usage_reported', ...facts }, 'usage was reported');
  }
}
