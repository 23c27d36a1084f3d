/**
 * The queue of a channel of KooGallery: each job says of one instance that something may be due. It is only a nudge: what is
 * to be done is in the registry, and a job that is lost, late or there twice changes nothing but the time.
 */
import { Queue } from 'bullmq';
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';

/** Longest event stream, in entries. */
const EVENTS_MAX = 100;

export const lifecycleJobSchema = z.object({ instanceId: z.string().min(1) });
export type LifecycleJob = z.output<typeof lifecycleJobSchema>;

/** Which queue, and where. */
export interface LifecyclePlace {
  slug: string;
  /** BullMQ's. */
  prefix: string;
}

export function lifecycleQueueName(slug: string): string {
  return `lifecycle.${slug}`;
}

export class LifecycleQueue {
  readonly #queue: Queue;

  constructor(redis: RedisClient, { slug, prefix }: LifecyclePlace) {
    this.#queue = new Queue(lifecycleQueueName(slug), {
      connection: redis,
      prefix,
      streams: { events: { maxLen: EVENTS_MAX } },
      // The registry remembers what was done.
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    // Without a listener, BullMQ writes each lost connection to the console.
    this.#queue.on('error', () => undefined);
  }

  /** @param reason what makes this nudge the same as another one, such as a version: it is then added once */
  async add(instanceId: string, reason: string): Promise<void> {
    await this.addAll([{ instanceId, reason }]);
  }

  async addAll(nudges: readonly { instanceId: string; reason: string }[]): Promise<void> {
    await this.#queue.addBulk(
      nudges.map(({ instanceId, reason }) => ({
        name: 'look',
        data: { instanceId } satisfies LifecycleJob,
        opts: { jobId: `${instanceId}~${reason}`.replaceAll(':', '.') },
      })),
    );
  }

  /** How many processes take its jobs now; undefined if this Redis does not tell. */
  async workers(): Promise<number | undefined> {
    const workers = await this.#queue.getWorkers().catch(() => undefined);
    // BullMQ's word for a hosted Redis that has no CLIENT LIST.
    return workers?.some(({ name }) => name?.startsWith('GCP')) ? undefined : workers?.length;
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(() => undefined);
  }
}
