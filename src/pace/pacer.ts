/**
 * The pacer: every limited call of every process gets a slot here right before it is sent, at least one interval after
 * the call before it, over all processes, machines, retries and command-line tools.
 *
 * A slot is asked for about a round trip before it is due, because Redis may be far away, and its time is translated to
 * the clock of this process. A process that is late all the same, because the answer was or because it stood still, gives
 * the slot up and takes another.
 */
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, STEPS, type StepName } from '../redis/keys.ts';
import type { SlotTerms } from './access.ts';
import { adjust } from './adjust.ts';
import { ask } from './ask.ts';
import { CongestionWindow } from './congestion.ts';
import {
  afterQuiet,
  afterThrottle,
  initialPace,
  intervalOf,
  isNarrowingDue,
  MICROSECONDS_PER_MS,
  slackOf,
} from './control.ts';
import { RecentDepartures } from './recent-departures.ts';
import { ReconnectHold } from './reconnect-hold.ts';
import { RedisClock } from './redis-clock.ts';
import { RoundTrips } from './round-trips.ts';
import { type MissedSlot, type Slot, SlotLine, type Wanting } from './slot-line.ts';
import { FULL_WINDOW_MS, type GrantedSlot } from './slot-script.ts';
import { type PaceView, paceViewOf } from './stored-pace.ts';
import { isAhead, waitUntil } from './wait-until.ts';

/** A slot may be used late by this share of what the calls of a window have to spare, within these limits. */
const LATE_SHARE = 0.5;
const LATE_AFTER_MS_MIN = 2;
const LATE_AFTER_MS_MAX = 15;
/** A probe goes alone, so it may be later; asking again would be refused until the next one is due. */
const PROBE_LATE_AFTER_MS = 1_000;
/** If the calendar has run ahead by this, the machine was asleep, or its calendar was set. */
const ASLEEP_MS_MIN = 500;
/** So many late slots in a row are worth a line in the log. */
const LATE_IN_A_ROW = 3;
/** Longest turn to probe whether an outage is over, in milliseconds: three calls of the longest duration. */
const TURN_MS = 120_000;

/** Why slots are missed; all in milliseconds. */
export interface Lateness {
  lateMs: number;
  /** The median of the latest round trips to Redis. */
  roundTripMs: number;
  /** How far ahead slots are asked for. */
  horizonMs: number;
}

export interface PacerOptions {
  account: string;
  /** Calls per second that the peer allows, for each step. */
  rate: number;
  /** Added to 1/rate for the first interval between two calls, in milliseconds. */
  guardMs: number;
  /** Interval between two probes of an open breaker, in milliseconds. */
  probeEveryMs: number;
  /** Longest turn of a row to probe whether an outage is over, in milliseconds. */
  turnMs?: number;
  /** Of all calls of this process; by default of this pacer alone. */
  congestion?: CongestionWindow | undefined;
  /** Called whenever at least three slots in a row came too late to be used. */
  onLate?: (lateness: Lateness) => void;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** A clock of this process that is never set back, in milliseconds. */
  clock?: () => number;
}

export interface Grant {
  /** The one call that an open breaker lets through. */
  isProbe: boolean;
  /** Throttled calls in a row before this one. */
  refusals: number;
}

export interface Asking {
  /** Names the row that the call is made for: only a row may probe whether an outage is over. */
  row?: string;
  /** Called first if it is this row's turn to probe whether an outage is over. */
  onTurn?: () => Promise<void>;
  /** A person wants to know: it leaves although the breaker is open, and decides nothing about it. */
  passesBreaker?: boolean;
}

export function createPacer(redis: RedisClient, options: PacerOptions): Pacer {
  return new Pacer(redis, options);
}

export class Pacer {
  readonly terms: SlotTerms;
  readonly #random: () => number;
  readonly #clock: () => number;
  readonly #onLate: ((lateness: Lateness) => void) | undefined;
  readonly #congestion: CongestionWindow;
  readonly #roundTrips = new RoundTrips();
  readonly #lines: Record<StepName, SlotLine>;
  readonly #departures: Record<StepName, RecentDepartures>;
  #lateInARow = 0;

  constructor(redis: RedisClient, options: PacerOptions) {
    const { account, rate, guardMs, probeEveryMs, turnMs = TURN_MS, random = Math.random, clock } = options;
    const target = { rate, guard: guardMs * MICROSECONDS_PER_MS };
    this.terms = { redis, account, target, probeEveryMs, turnMs };
    this.#random = random;
    this.#clock = clock ?? (() => performance.now());
    this.#onLate = options.onLate;
    const { congestion = new CongestionWindow() } = options;
    this.#congestion = congestion;
    const hold = new ReconnectHold(redis, { holdMs: FULL_WINDOW_MS, clock: this.#clock });
    const firstIntervalMs = intervalOf(initialPace(target, 0)) / MICROSECONDS_PER_MS;
    const redisClock = new RedisClock();
    const ofProcess = { clock: this.#clock, roundTrips: this.#roundTrips, redisClock, hold, congestion };
    const shared = { ...ofProcess, firstIntervalMs };
    this.#lines = {
      upload: new SlotLine({ step: 'upload', ...shared }),
      submit: new SlotLine({ step: 'submit', ...shared }),
    };
    const window = { limit: rate, windowMs: FULL_WINDOW_MS };
    this.#departures = { upload: new RecentDepartures(window), submit: new RecentDepartures(window) };
  }

  /**
   * Returns when one call of the step may be sent, now: for calls that mark no row.
   * @throws NotNow if the wait is too long to sit out in a job, or the abort reason of the signal
   */
  async take(step: StepName, signal: AbortSignal, asking: Asking = {}): Promise<Grant> {
    const { row, onTurn, passesBreaker } = asking;
    const terms = { ...this.terms, passesBreaker };
    const wanting: Wanting = { signal, onTurn, ask: (question) => ask(terms, question, row) };
    for (let missed: MissedSlot | undefined; ; ) {
      const slot = await this.reserve(step, { ...wanting, missed });
      missed = await this.depart(step, slot, signal);
      if (missed === undefined) return grantOf(slot);
    }
  }

  /**
   * Takes a slot, some time before it is due.
   * @throws NotNow if the wait is too long to sit out in a job, or the abort reason of the signal
   */
  reserve(step: StepName, wanting: Wanting): Promise<Slot> {
    return this.#lines[step].take(wanting);
  }

  /**
   * Waits until the slot is due: the call must leave when this resolves.
   * @returns the slot if it must not be used any more, because this process is late; then another is to be taken
   */
  async depart(step: StepName, slot: Slot, signal: AbortSignal): Promise<MissedSlot | undefined> {
    try {
      return await this.#depart(step, slot, signal);
    } finally {
      slot.place.free();
    }
  }

  async #depart(step: StepName, slot: Slot, signal: AbortSignal): Promise<MissedSlot | undefined> {
    const { answer, dueAt } = slot;
    const isProbe = answer.verdict === 'probe';
    const isUsable = isProbe || !slot.isDoubtful;
    const departures = this.#departures[step];
    const at = () => Math.max(dueAt, departures.nextAt);
    if (isUsable) {
      // Others may have left during the wait; after the last look, nobody can.
      do await waitUntil(at(), this.#clock, signal);
      while (isAhead(at(), this.#clock));
    }
    const asleepMs = Date.now() - this.#clock() - slot.calendar;
    const lateMs = this.#clock() - dueAt + (asleepMs > ASLEEP_MS_MIN ? asleepMs : 0);
    if (isUsable && lateMs <= (isProbe ? PROBE_LATE_AFTER_MS : this.#lateAfterMs(answer))) {
      departures.add(this.#clock());
      this.#lateInARow = 0;
      this.#congestion.noteLeft();
      this.#narrowIfDue(step, answer);
      return undefined;
    }
    this.#noteLate(lateMs);
    return { slot, lateMs };
  }

  /**
   * Records a throttled call: widens the interval for everybody and holds the step back.
   * @param retryAfterMs what the peer asked for
   * @returns for how long, in milliseconds
   */
  async throttled(step: StepName, retryAfterMs?: number): Promise<number> {
    const { redis, account, target } = this.terms;
    const askedWait = retryAfterMs === undefined ? undefined : retryAfterMs * MICROSECONDS_PER_MS;
    await redis.hincrby(accountKeys(account).pace(step), 'throttled', 1);
    const { state, now } = await adjust(this.terms, step, (current, at) =>
      afterThrottle(current, target, { now: at, random: this.#random(), askedWait }),
    );
    return Math.max(Math.ceil((state.until - now) / MICROSECONDS_PER_MS), 1);
  }

  /** Records that the peer let a call through, if that ends a series of refusals. */
  async accepted(step: StepName, grant: Grant): Promise<void> {
    if (grant.refusals > 0) await this.#narrow(step);
  }

  /** The current pace of a step. */
  async read(step: StepName): Promise<PaceView> {
    const { redis, account } = this.terms;
    return paceViewOf(step, await redis.hgetall(accountKeys(account).pace(step)));
  }

  readAll(): Promise<PaceView[]> {
    return Promise.all(STEPS.map((step) => this.read(step)));
  }

  /** Current interval between two calls of the slower step, in milliseconds; before the first call, the initial one. */
  async slowestIntervalMs(): Promise<number> {
    const first = intervalOf(initialPace(this.terms.target, 0)) / MICROSECONDS_PER_MS;
    const views = await this.readAll();
    return Math.max(...views.map(({ intervalMs = first }) => intervalMs));
  }

  #lateAfterMs({ interval }: GrantedSlot): number {
    const slackMs = slackOf(this.terms.target, interval) / MICROSECONDS_PER_MS;
    return Math.min(Math.max(LATE_SHARE * slackMs, LATE_AFTER_MS_MIN), LATE_AFTER_MS_MAX);
  }

  #noteLate(lateMs: number): void {
    this.#congestion.noteMissed();
    this.#lateInARow++;
    if (this.#lateInARow < LATE_IN_A_ROW) return;
    const { medianMs: roundTripMs, horizonMs } = this.#roundTrips;
    this.#onLate?.({ lateMs: Math.max(lateMs, 0), roundTripMs, horizonMs });
  }

  /** Not awaited: the call must leave now, and a lost narrowing is made up for by the next call. */
  #narrowIfDue(step: StepName, answer: GrantedSlot): void {
    if (isNarrowingDue(answer, answer.now)) this.#narrow(step).catch(() => undefined);
  }

  async #narrow(step: StepName): Promise<void> {
    await adjust(this.terms, step, (state, at) => afterQuiet(state, this.terms.target, at));
  }
}

export function grantOf({ answer }: Slot): Grant {
  return { isProbe: answer.verdict === 'probe', refusals: answer.refusals };
}
