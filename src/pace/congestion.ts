/**
 * How many calls of one process may be on their way out at a time, over all of its accounts. A process that has more to do
 * than it can does not get slower in proportion: whatever it does is late by all that waits before it, so it misses slots,
 * asks for others, and misses these. As TCP does on a full line, fewer calls set out when many slots are missed, and little
 * by little more of them when few are. Slots are also missed because Redis is far away: then a process has time, and no fewer
 * set out.
 */
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import pLimit from 'p-limit';

/** No limit that anybody meets: until slots are missed, nothing is known of how much is too much. */
const MOST = 1_024;
const FEWEST = 4;
/** Judged is a window full of calls, at least so many. */
const JUDGED_MIN = 32;
/** Misses of this share are the price of a processor in full use: a slot that is asked for again costs little. */
const MISSED_SHARE = 0.1;
const SHRINK_TO = 0.7;
const GROW_BY = 1 / 8;
/** A process whose event loop waited for less than the rest of the time is busy. */
const BUSY_SHARE = 0.75;
/** A call that has not gone on so long after it could, in milliseconds, waits for something else than this process. */
const LAPSE_MS = 100;

/** The place of one call, from before it asks for a slot until it has left. */
export interface Place {
  /** Safe to call twice. */
  free(): void;
  /** It is free in any case soon after so many milliseconds: when the answer must have come, or the slot is over. */
  lapseAfter(ms: number): void;
}

/** What share of the time since then the event loop was busy; of the whole time without. */
type Utilization = (since?: EventLoopUtilization) => EventLoopUtilization;

export class CongestionWindow {
  readonly #utilization: Utilization;
  readonly #limit = pLimit(MOST);
  #left = 0;
  #missed = 0;
  /** The most that had a place at a time, since when calls are counted. */
  #used = 0;
  #from: EventLoopUtilization;

  /** @param utilization by default that of this process */
  constructor(utilization: Utilization = (since) => performance.eventLoopUtilization(since)) {
    this.#utilization = utilization;
    this.#from = utilization();
  }

  /** So many calls may be on their way. */
  get size(): number {
    return this.#limit.concurrency;
  }

  /** Resolves when there is a place, in the order of asking. */
  enter(): Promise<Place> {
    return new Promise((resolve) => {
      void this.#limit(() => {
        this.#used = Math.max(this.#used, this.#limit.activeCount);
        return new Promise<void>((free) => resolve(placeOf(free)));
      });
    });
  }

  /** A call left in its slot. */
  noteLeft(): void {
    this.#left++;
    this.#judge();
  }

  noteMissed(): void {
    this.#missed++;
    this.#judge();
  }

  #judge(): void {
    const calls = this.#left + this.#missed;
    if (calls < Math.max(Math.min(this.size, this.#used), JUDGED_MIN)) return;
    const isBusy = this.#utilization(this.#from).utilization > BUSY_SHARE;
    // Room that was never used says nothing about how much would be too much, so it is not counted.
    if (this.#missed > MISSED_SHARE * calls && isBusy)
      this.#resize(Math.min(this.size, this.#used) * SHRINK_TO);
    else if (this.#limit.pendingCount > 0) this.#resize(Math.ceil(this.size * (1 + GROW_BY)));
    [this.#left, this.#missed, this.#used] = [0, 0, this.#limit.activeCount];
    this.#from = this.#utilization();
  }

  #resize(size: number): void {
    this.#limit.concurrency = Math.round(Math.min(Math.max(size, FEWEST), MOST));
  }
}

function placeOf(leave: () => void): Place {
  let lapse: NodeJS.Timeout | undefined;
  const free = () => {
    clearTimeout(lapse);
    leave();
  };
  return {
    free,
    lapseAfter(ms) {
      clearTimeout(lapse);
      lapse = setTimeout(free, Math.max(ms, 0) + LAPSE_MS);
      lapse.unref();
    },
  };
}
