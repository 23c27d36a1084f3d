/** Does something again and again, one at a time, until it is stopped; what fails is tried again. */
export class Poll {
  readonly #work: () => Promise<void>;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(work: () => Promise<void>, everyMs: number) {
    this.#work = work;
    this.#everyMs = everyMs;
    this.#again();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #again(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.#work().finally(() => this.#again()), this.#everyMs);
  }
}
