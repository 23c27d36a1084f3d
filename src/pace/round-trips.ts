/** How long the latest round trips to Redis took in this process, and how far ahead it therefore asks for slots. Pure. */

/** So many are remembered: odd, so that one is in the middle. */
const REMEMBERED = 15;
/** A slot may be asked for so many round trips ahead: the answer arrives in time although trips differ. */
const TRIPS_AHEAD = 1.4;
/** However near Redis is: timers are late by a few milliseconds on a busy machine, and a request takes some to be made. */
const HORIZON_MS_MIN = 20;
const REACH_MS_MIN = 1;
/** A slot that nobody may have reserved further ahead, in milliseconds. */
export const HORIZON_MS_MAX = 1_000;
/** An answer that took so many times as long as usual says little about when it was given. */
const ODD_TRIPS = 3;
const ODD_MS_MIN = 5;

export class RoundTrips {
  readonly #latest: number[] = [];
  /** Looked at many times between two trips, so it is found once for each. */
  #medianMs = 0;

  add(ms: number): void {
    this.#latest.push(ms);
    if (this.#latest.length > REMEMBERED) this.#latest.shift();
    this.#medianMs = [...this.#latest].sort((a, b) => a - b)[Math.floor(this.#latest.length / 2)] ?? 0;
  }

  /** 0 before the first. */
  get medianMs(): number {
    return this.#medianMs;
  }

  /** How far ahead a slot may be reserved. */
  get horizonMs(): number {
    return within(HORIZON_MS_MIN, TRIPS_AHEAD * this.medianMs, HORIZON_MS_MAX);
  }

  /** How soon after the script has run this process can use a slot: the answer has half a round trip to come. */
  get reachMs(): number {
    return within(REACH_MS_MIN, (TRIPS_AHEAD / 2) * this.medianMs, HORIZON_MS_MAX);
  }

  /** How long before a slot is due it is asked for, so that it is within the horizon when the question arrives. */
  get leadMs(): number {
    return (6 / 7) * this.horizonMs + this.medianMs / 2;
  }

  /** Whether a trip took so much longer than usual that half of it tells nothing. */
  isOdd(ms: number): boolean {
    return this.#latest.length > 0 && ms > Math.max(ODD_TRIPS * this.medianMs, ODD_MS_MIN);
  }
}

function within(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
