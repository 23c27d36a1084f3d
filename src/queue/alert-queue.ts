/** The queue of alerts: a job for each event, worked by every process that looks after an installation, `serve` included. */
import { type Job, Queue, Worker } from 'bullmq';
import pTimeout from 'p-timeout';
import type { RedisClient } from '../redis/connect.ts';

const NAME = 'alerts';
const SECONDS_PER_DAY = 86_400;
/**
 * Tries of an alert: with this distance, doubled each time, they reach 8 to 11 hours. A finished job is kept because its
 * id keeps the same event from being told again.
 */
const OPTIONS = {
  attempts: 14,
  backoff: { type: 'exponential', delay: 5_000, jitter: 0.3 },
  removeOnComplete: { age: 7 * SECONDS_PER_DAY, count: 5_000 },
  removeOnFail: { age: 30 * SECONDS_PER_DAY, count: 5_000 },
};
/** Processes that may die over an alert: by default the second one would end it. */
const STALLED_MAX = 1_000;
/** Longer than a receiver may take to answer, in milliseconds. */
const LOCK_MS = 30_000;
/** Longest wait for receivers when this process ends, in milliseconds: another process repeats what is left. */
const CLOSE_MS_MAX = 3_000;
const CONCURRENCY = 4;
/** Longest event stream, in entries. */
const EVENTS_MAX = 100;

export interface AlertJob<Event> {
  event: Event;
  /** Names of the receivers that have it. */
  delivered: string[];
}

export interface AlertQueueOptions<Event> {
  redis: RedisClient;
  /** BullMQ's. */
  prefix: string;
  /**
   * Brings an event to everybody who does not have it yet; whoever gets it is passed on at once.
   * @throws Error if somebody still lacks it: it is tried again later
   */
  deliver(job: AlertJob<Event>, onDelivered: (name: string) => Promise<void>): Promise<void>;
  onTrouble(error: Error): void;
  /** After the last try. */
  onGivenUp(id: string, error: Error): void;
  /** Time before the first repetition that differs from the default, in milliseconds. */
  backoffMs?: number | undefined;
}

export class AlertQueue<Event extends { id: string; type: string }> {
  readonly #queue: Queue<AlertJob<Event>>;
  readonly #worker: Worker<AlertJob<Event>>;
  readonly #backoffMs: number;

  constructor({ redis, prefix, deliver, onTrouble, onGivenUp, backoffMs }: AlertQueueOptions<Event>) {
    const { removeOnComplete, removeOnFail } = OPTIONS;
    this.#backoffMs = backoffMs ?? OPTIONS.backoff.delay;
    this.#queue = new Queue(NAME, { connection: redis, prefix, streams: { events: { maxLen: EVENTS_MAX } } });
    const work = (job: Job<AlertJob<Event>>) => run(job, deliver);
    const options = {
      concurrency: CONCURRENCY,
      lockDuration: LOCK_MS,
      maxStalledCount: STALLED_MAX,
      removeOnComplete,
      removeOnFail,
    };
    this.#worker = new Worker(NAME, work, { connection: redis, prefix, ...options });
    // Without a listener, BullMQ writes each lost connection to the console.
    this.#queue.on('error', onTrouble);
    this.#worker.on('error', onTrouble);
    this.#worker.on('failed', (job, error) => {
      if (job?.finishedOn !== undefined) onGivenUp(job.data.event.id, error);
    });
  }

  /** Adding an event again changes nothing for as long as its job is kept. */
  async add(event: Event): Promise<void> {
    const { attempts, backoff, removeOnComplete, removeOnFail } = OPTIONS;
    const data = { event, delivered: [] };
    const options = {
      attempts,
      backoff: { ...backoff, delay: this.#backoffMs },
      removeOnComplete,
      removeOnFail,
    };
    const queue: Queue = this.#queue;
    await queue.add(event.type, data, { jobId: event.id, ...options });
  }

  /** @param isAnswering whether Redis is there to hear it; otherwise nothing is waited for */
  async close(isAnswering: boolean): Promise<void> {
    const closing = this.#worker.close(!isAnswering).catch(() => undefined);
    await pTimeout(closing, { milliseconds: CLOSE_MS_MAX, fallback: () => undefined });
    await this.#queue.close().catch(() => undefined);
  }
}

async function run<Event>(
  job: Job<AlertJob<Event>>,
  deliver: AlertQueueOptions<Event>['deliver'],
): Promise<void> {
  const { event } = job.data;
  const delivered = [...job.data.delivered];
  await deliver({ event, delivered: [...delivered] }, async (name) => {
    delivered.push(name);
    // A crash before this repeats it under the same id.
    await job.updateData({ event, delivered: [...delivered] });
  });
}
