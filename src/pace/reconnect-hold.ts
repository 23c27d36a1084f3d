/**
 * Holds calls back where the last grants may be unknown: a Redis that comes back, or one that takes over, may lack them,
 * and a process that starts does not know whether it has met such a one.
 */
import type { RedisClient } from '../redis/connect.ts';

export interface HoldOptions {
  /** One full window of the peer, in milliseconds. */
  holdMs: number;
  /** A clock of this process that is never set back, in milliseconds. */
  clock: () => number;
}

export class ReconnectHold {
  /** On the clock of this process, in milliseconds; infinite while Redis is away. */
  until = 0;
  readonly #options: HoldOptions;
  /** Run id of the server that grants; undefined before its first answer. */
  runId: string | undefined;

  constructor(redis: RedisClient, options: HoldOptions) {
    this.#options = options;
    redis.on('close', () => {
      this.until = Number.POSITIVE_INFINITY;
    });
    // In a cluster, one node is lost and another takes over, which may lack the last grants too.
    redis.on('-node', () => this.begin());
    redis.on('ready', () => {
      if (this.until > 0) this.until = this.#windowFromNow();
    });
  }

  /**
   * To be called with the run id of the server that grants; if it is another than before, all is held back for one
   * window. Events show neither that a cluster has moved a slot, nor what happened before this process started.
   */
  meet(runId: string): void {
    if (runId === this.runId) return;
    this.runId = runId;
    this.begin();
  }

  /** Holds all back for one window. */
  begin(): void {
    this.until = Math.max(this.until, this.#windowFromNow());
  }

  #windowFromNow(): number {
    return this.#options.clock() + this.#options.holdMs;
  }
}
