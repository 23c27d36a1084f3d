/**
 * The clock of Redis, as its replies show it. A call that was answered with a failure may still be on its way there, or be
 * sent once more by the client that has lost its connection; Redis itself must see that it is too late.
 */

/** What has taken longer says too little about now, in milliseconds. */
const SURE_MS = 1_000;

export class RedisClock {
  #aheadMs: number | undefined;

  /** @param now what Redis said, in milliseconds since 1970. @param sentAt when it was asked, of `performance.now()` */
  learn(now: number, sentAt: number): void {
    if (performance.now() - sentAt < SURE_MS) this.#aheadMs = now - sentAt;
  }

  /** @param moment of `performance.now()` @returns the same moment there, at most a second late; undefined if nothing is known */
  at(moment: number): number | undefined {
    return this.#aheadMs === undefined ? undefined : moment + this.#aheadMs;
  }
}
