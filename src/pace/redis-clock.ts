/**
 * The clock of Redis, as a process at some distance sees it. Redis says what time it was somewhere between question and
 * answer: in the middle, give or take half of the trip. The shortest of the latest trips says it best. Pure.
 */

/** So many answers are remembered: of a hundred trips with some jitter, one is nearly as short as it can be. */
const REMEMBERED = 100;
/** Two clocks drift apart: an older answer says too little. In milliseconds. */
const REMEMBERED_MS = 20_000;
/** By which answers may contradict each other before one of the clocks was set: drift, and rounding. In milliseconds. */
const TOLERANCE_MS = 2;

interface Said {
  at: number;
  /** The clock of Redis minus ours, in milliseconds. */
  offset: number;
  /** It is right to this. */
  within: number;
}

const NOTHING: Said = { at: 0, offset: 0, within: Number.POSITIVE_INFINITY };

export class RedisClock {
  /** In the order in which they were heard. */
  #latest: Said[] = [];

  /**
   * @param askedAt on our clock, in milliseconds
   * @param answeredAt the same
   * @param time what Redis said, in milliseconds since 1970
   * @returns by how much it was set ahead since it was heard last, as far as that is certain; in milliseconds
   */
  hear(askedAt: number, answeredAt: number, time: number): number {
    const middle = (askedAt + answeredAt) / 2;
    const said = { at: answeredAt, offset: time - middle, within: (answeredAt - askedAt) / 2 };
    const agrees = ({ offset, within }: Said) =>
      Math.abs(offset - said.offset) <= within + said.within + TOLERANCE_MS;
    const { offset, within } = this.#best;
    const aheadMs = said.offset - offset - within - said.within;
    // Its clock was set, or another server answers.
    if (!this.#latest.every(agrees)) this.#latest = [];
    this.#latest.push(said);
    const old = this.#latest.findIndex(({ at }) => answeredAt - at < REMEMBERED_MS);
    this.#latest.splice(0, Math.max(old, this.#latest.length - REMEMBERED));
    return Math.max(aheadMs, 0);
  }

  /** What our clock shows when that of Redis shows this; both in milliseconds. */
  oursAt(time: number): number {
    return time - this.#best.offset;
  }

  /** By how much that may be wrong, in milliseconds. */
  get withinMs(): number {
    return this.#best.within;
  }

  get #best(): Said {
    return this.#latest.reduce((best, said) => (said.within < best.within ? said : best), NOTHING);
  }
}
