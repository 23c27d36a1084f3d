/**
 * The lifecycle of one channel in this process: BullMQ's worker, which looks at the instances that jobs name, and a timer
 * that gives a job to each instance which is due and may have none: its job was lost, its next attempt has come, or the
 * process that worked on it has died.
 */
import { type Job, Worker } from 'bullmq';
import { enterChannels } from '../../src/koogallery/known-channels.ts';
import { readDue } from '../../src/koogallery/lifecycle/due-instances.ts';
import type { InstanceWork } from '../../src/koogallery/lifecycle/instance-work.ts';
import type { AttemptCount } from '../../src/koogallery/lifecycle/task-counts.ts';
import { pruneEnded } from '../../src/koogallery/registry/prune-ended.ts';
import type { ChannelAccess } from '../../src/koogallery/registry/scripts.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../../src/logger.ts';
import {
  type LifecycleJob,
  LifecycleQueue,
  lifecycleJobSchema,
  lifecycleQueueName,
} from '../../src/queue/lifecycle-queue.ts';
import { channelPrefix } from '../../src/redis/keys.ts';
import { Complaints } from '../complaints.ts';

/** Time between two looks at what is due, in milliseconds. */
const SWEEP_MS = 1_000;
/** Instances that get a job at one look at most: those that have waited longest. */
const SWEPT_MAX = 500;
/** Time after which it is noted again that this process has the channel, and what is over long ago is forgotten; in milliseconds. */
const TIDY_MS = 600_000;
/** Jobs of dead processes are rare, and found by the look as well. */
const LOCK_MS = 60_000;

/** What this process alone knows of a channel. */
export interface ChannelStanding {
  channel: string;
  /** At tasks, since the process started. */
  attempts: AttemptCount[];
}

export interface ChannelWorkerOptions {
  access: ChannelAccess;
  work: Pick<InstanceWork, 'workOn' | 'counts'>;
  concurrency: number;
  logger: Logger;
  /** Time between two looks that differs from the default, in milliseconds. */
  sweepMs?: number | undefined;
}

export class ChannelWorker {
  readonly #options: ChannelWorkerOptions;
  readonly #complaints: Complaints;
  readonly #worker: Worker<LifecycleJob>;
  readonly #queue: LifecycleQueue;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  /** By the clock of this process; its start has noted it. */
  #tidiedAt = performance.now();

  /** Takes nothing yet. */
  constructor(options: ChannelWorkerOptions) {
    const { access, work, concurrency, logger } = options;
    const place = { slug: access.slug, prefix: channelPrefix(access.slug) };
    this.#options = options;
    this.#complaints = new Complaints(logger, 'koogallery_sweep_failed');
    this.#queue = new LifecycleQueue(access.redis, place);
    const process = ({ data }: Pick<Job<LifecycleJob>, 'data'>) =>
      work.workOn(lifecycleJobSchema.parse(data).instanceId);
    this.#worker = new Worker<LifecycleJob>(lifecycleQueueName(access.slug), process, {
      ...{ connection: access.redis, prefix: place.prefix, concurrency, autorun: false },
      ...{ lockDuration: LOCK_MS, maxStalledCount: 1_000_000 },
      // The registry remembers what was done.
      ...{ removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
    });
    const log = rarely(TROUBLE_EVERY_MS, (error: Error) =>
      logger.error({ event: 'worker_error', channel: access.slug, error: error.message }, 'worker error'),
    );
    this.#worker.on('error', log);
    this.#worker.on('failed', (_job, error) => log(error));
  }

  /** Told without asking Redis. */
  standing(): ChannelStanding {
    const { access, work } = this.#options;
    return { channel: access.slug, attempts: work.counts.list() };
  }

  start(): void {
    const { access, sweepMs = SWEEP_MS } = this.#options;
    this.#worker.run().catch((error: Error) => this.#worker.emit('error', error));
    this.#timer = setInterval(this.#sweepSoon, sweepMs);
    access.redis.on('ready', this.#sweepSoon);
    this.#sweepSoon();
  }

  /** Takes nothing more; resolves when what has begun is over. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#options.access.redis.off('ready', this.#sweepSoon);
    await Promise.all([this.#sweeping, this.#worker.close()]);
    await this.#queue.close();
  }

  /** After a start that failed: waits for nobody. */
  async abandon(): Promise<void> {
    await this.#worker.close(true);
    await this.#queue.close();
  }

  /** After a `stop` that waits for an answer which will not come. */
  async disconnect(): Promise<void> {
    await this.#worker.getBackend().disconnectBlocking(false);
  }

  readonly #sweepSoon = (): void => {
    // While Redis is away, one look waits for it; a second one must not.
    this.#sweeping ??= this.#complaints
      .guard(this.#options.access.slug, () => this.#sweep())
      .finally(() => {
        this.#sweeping = undefined;
      });
  };

  async #sweep(): Promise<void> {
    const { redis, slug } = this.#options.access;
    if (performance.now() - this.#tidiedAt > TIDY_MS) {
      await enterChannels(redis, [slug]);
      await pruneEnded({ redis, slug });
      this.#tidiedAt = performance.now();
    }
    const due = await readDue(this.#options.access, SWEPT_MAX);
    if (due.length === 0) return;
    // Found again at the next look, it has the same job.
    await this.#queue.addAll(due.map(({ id, since }) => ({ instanceId: id, reason: `d${since}` })));
  }
}
