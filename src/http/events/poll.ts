/** Does something again and again, one at a time, until it is stopped; what fails is tried again, for a while. */
export interface PollOptions {
  everyMs: number;
  onError(error: Error): void;
  /** It has not succeeded for `LOST_AFTER_MS`, and is stopped. */
  onLost(): void;
}

/** Longer than a failover that nobody need notice; also for work that neither ends nor fails. */
const LOST_AFTER_MS = 5_000;

export class Poll {
  readonly #work: () => Promise<void>;
  readonly #options: PollOptions;
  readonly #untilLost: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(work: () => Promise<void>, options: PollOptions) {
    this.#work = work;
    this.#options = options;
    this.#untilLost = setTimeout(() => {
      this.stop();
      options.onLost();
    }, LOST_AFTER_MS);
    this.#again();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#untilLost);
  }

  #again(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.#try().finally(() => this.#again()), this.#options.everyMs);
  }

  async #try(): Promise<void> {
    try {
      await this.#work();
      // Refreshed, a timer that was cleared would run again.
      if (!this.#isStopped) this.#untilLost.refresh();
    } catch (error) {
      this.#options.onError(error as Error);
    }
  }
}
