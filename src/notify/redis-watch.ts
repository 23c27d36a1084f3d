/** Notices that Redis does not answer this process, once for each time that it is away. */

/** A tick that comes so much later than it should shows that this process was stopped, not Redis; in intervals. */
const LATE_MAX = 3;

export interface RedisWatchOptions {
  /** Rejects, or never ends, if Redis does not answer. */
  ping: () => Promise<unknown>;
  /** Time between two pings, in milliseconds. */
  everyMs: number;
  /** Longest time without an answer, in milliseconds. */
  unreachableMs: number;
  /** @param since when it last answered, in milliseconds since 1970 */
  onUnreachable: (since: number) => void;
}

export class RedisWatch {
  readonly #options: RedisWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #pinging: Promise<void> | undefined;
  /** On the clock of this process, in milliseconds, like the next. */
  #answeredAt = performance.now();
  #tickedAt = performance.now();
  #isTold = false;

  constructor(options: RedisWatchOptions) {
    this.#options = options;
  }

  /** Whether it answered lately. */
  get isAnswering(): boolean {
    return performance.now() - this.#answeredAt < 2 * this.#options.everyMs;
  }

  start(): void {
    this.#timer = setInterval(this.#tick, this.#options.everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  readonly #tick = (): void => {
    const { everyMs, unreachableMs, onUnreachable } = this.#options;
    const now = performance.now();
    if (now - this.#tickedAt > LATE_MAX * everyMs) this.#answeredAt = now;
    this.#tickedAt = now;
    // A ping waits for a Redis that is away; a second one must not.
    this.#pinging ??= this.#ping().finally(() => {
      this.#pinging = undefined;
    });
    const silentMs = now - this.#answeredAt;
    if (silentMs < unreachableMs || this.#isTold) return;
    this.#isTold = true;
    onUnreachable(Math.round(Date.now() - silentMs));
  };

  async #ping(): Promise<void> {
    try {
      await this.#options.ping();
      this.#answeredAt = performance.now();
      this.#isTold = false;
    } catch {
      // The next one may be answered.
    }
  }
}
