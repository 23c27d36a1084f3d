/** Holds calls back after a lost connection: a Redis that comes back may have lost the last second of grants. */
import type { RedisClient } from '../redis/connect.ts';

export class ReconnectHold {
  /** On the clock of this process, in milliseconds; infinite while Redis is away. */
  until = 0;

  constructor(redis: RedisClient, { holdMs, clock }: { holdMs: number; clock: () => number }) {
    redis.on('close', () => {
      this.until = Number.POSITIVE_INFINITY;
    });
    // In a cluster, one node is lost and another takes over, which may lack the last grants too.
    redis.on('-node', () => {
      this.until = Math.max(this.until, clock() + holdMs);
    });
    redis.on('ready', () => {
      if (this.until > 0) this.until = clock() + holdMs;
    });
  }
}
