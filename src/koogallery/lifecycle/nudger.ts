/** Tells workers at once that something is due for an instance. Without it, they find it at their next look. */
import { LifecycleQueue } from '../../queue/lifecycle-queue.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { channelPrefix } from '../../redis/keys.ts';

/** Of these not yet taken by Redis, more are not begun: whoever waits for a Redis that is away fills the memory. */
const PENDING_MAX = 10_000;

export class Nudger {
  readonly #redis: RedisClient;
  readonly #queues = new Map<string, LifecycleQueue>();
  #pending = 0;

  constructor(redis: RedisClient) {
    this.#redis = redis;
  }

  /** Returns at once, and never fails: it is made to be called in the path of a request. */
  readonly nudge = ({ slug }: { slug: string }, instanceId: string, version: number): void => {
    if (this.#pending >= PENDING_MAX) return;
    this.#pending += 1;
    this.#queueOf(slug)
      .add(instanceId, `v${version}`)
      .catch(() => undefined)
      .finally(() => {
        this.#pending -= 1;
      });
  };

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }

  #queueOf(slug: string): LifecycleQueue {
    const queue =
      this.#queues.get(slug) ?? new LifecycleQueue(this.#redis, { slug, prefix: channelPrefix(slug) });
    this.#queues.set(slug, queue);
    return queue;
  }
}
