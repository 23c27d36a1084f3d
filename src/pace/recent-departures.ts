/**
 * When the latest calls of one step left this process, on its own clock. Slots are due on the clock of Redis, and what that
 * means here is known to some milliseconds only, more so on a busy machine; so the limit is held once more, where it is exact.
 * Pure.
 */

/** A timer may count as due half a millisecond early. */
const MARGIN_MS = 1;

export class RecentDepartures {
  readonly #windowMs: number;
  /** The last of a window full of calls, in turn; the next one takes the place of the oldest. */
  readonly #times: number[];
  #next = 0;

  /** @param limit so many calls may leave in a window */
  constructor({ limit, windowMs }: { limit: number; windowMs: number }) {
    this.#windowMs = windowMs;
    this.#times = new Array(Math.max(Math.floor(limit), 1)).fill(Number.NEGATIVE_INFINITY);
  }

  /** The earliest time of the next call. */
  get nextAt(): number {
    return (this.#times[this.#next] ?? Number.NEGATIVE_INFINITY) + this.#windowMs + MARGIN_MS;
  }

  add(at: number): void {
    this.#times[this.#next] = at;
    this.#next = (this.#next + 1) % this.#times.length;
  }
}
