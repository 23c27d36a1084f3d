/** The peer's own limit: exactly `limit` calls let through in any rolling second. Refused calls do not count. Pure. */
export class RollingWindow {
  #admitted: number[] = [];
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** @param now milliseconds @returns 0 if the call is let through, else how long until one would be */
  admit(now: number): number {
    this.#admitted = this.#admitted.filter((at) => now - at < 1000);
    if (this.#admitted.length < this.limit) {
      this.#admitted.push(now);
      return 0;
    }
    const oldest = this.#admitted[this.#admitted.length - this.limit] as number;
    return oldest + 1000 - now;
  }
}

/** Most events in any rolling second. @param times milliseconds, ascending */
export function mostInOneSecond(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, at] of times.entries()) {
    while (at - (times[first] as number) >= 1000) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
