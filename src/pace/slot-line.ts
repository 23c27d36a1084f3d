/**
 * Those of one process who want slots of one step. One asks at a time as long as that is enough: the others would only
 * learn that it is not their turn. Where slots are closer together than a round trip, several ask, each for a later one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { StepName } from '../redis/keys.ts';
import type { CongestionWindow, Place } from './congestion.ts';
import { MICROSECONDS_PER_MS } from './control.ts';
import { NotNow } from './not-now.ts';
import type { ReconnectHold } from './reconnect-hold.ts';
import type { RedisClock } from './redis-clock.ts';
import { HORIZON_MS_MAX, type RoundTrips } from './round-trips.ts';
import { FULL_WINDOW_MS, type GrantedSlot, type SlotAnswer, type SlotQuestion } from './slot-script.ts';

/** Longest wait inside a job; beyond it the job goes back to its queue. In milliseconds. */
const WAIT_IN_JOB_MS_MAX = 5_000;
/** An answer that takes longer, in milliseconds, is not held up by this process. */
const ANSWER_MS_MAX = 1_000;
/** Most who ask at a time. */
const ASKERS_MAX = 100;
/** If the clock of Redis was set ahead by this, in milliseconds, slots are closer together here than there: no drift is. */
const SET_AHEAD_MS_MIN = 50;
/** After a second miss, the next slot is asked for so much later than that one was missed by. */
const MISSED_SHARE = 1.4;

/** A moment at which one call may leave. Nobody else has it. */
export interface Slot {
  answer: GrantedSlot;
  /** On the clock of this process, in milliseconds. */
  dueAt: number;
  /** `dueAt` may be wrong by more than a round trip, or all calls are held back by now: not to be used. */
  isDoubtful: boolean;
  /** The calendar's clock minus the other, in milliseconds: only the calendar goes on while a machine sleeps. */
  calendar: number;
  /** Slots that were missed in a row for the same call before this one. */
  misses: number;
  /** Of this call among those of the process that are on their way out. */
  place: Place;
}

export interface MissedSlot {
  slot: Slot;
  lateMs: number;
}

export interface Wanting {
  signal: AbortSignal;
  /** Called before each question, whose duration does not count; rejects if nothing may be asked. */
  beforeAsking?: (() => Promise<void>) | undefined;
  /** Asks Redis, in one round trip: its duration is measured. */
  ask: (question: SlotQuestion) => Promise<SlotAnswer>;
  /** Called first if it is this row's turn to probe whether an outage is over. */
  onTurn?: (() => Promise<void>) | undefined;
  /** A slot of the same call that could not be used. */
  missed?: MissedSlot | undefined;
}

export interface LineOptions {
  step: StepName;
  clock: () => number;
  roundTrips: RoundTrips;
  redisClock: RedisClock;
  hold: ReconnectHold;
  congestion: CongestionWindow;
  /** In milliseconds. */
  firstIntervalMs: number;
}

export class SlotLine {
  readonly #options: LineOptions;
  readonly #limit = pLimit(1);
  /** When the next slot is due as far as this process knows, on its clock: asking long before only costs a round trip. */
  #nextDueAt = 0;
  #intervalMs: number;
  /** Questions under way; each may get a slot. */
  #asking = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#intervalMs = options.firstIntervalMs;
  }

  /** @throws NotNow if the wait is too long to sit out in a job, or the abort reason of the signal */
  async take(wanting: Wanting): Promise<Slot> {
    // Its old place in the order is free again, so it does not queue.
    const { clock, hold } = this.#options;
    const mayAsk = wanting.missed && hold.until <= clock();
    const again = mayAsk && (await this.#enterAndAsk(wanting, WAIT_IN_JOB_MS_MAX));
    return again || this.#limit(() => this.#takeInTurn(wanting));
  }

  async #takeInTurn(wanting: Wanting): Promise<Slot> {
    const { clock } = this.#options;
    const giveUpAt = clock() + WAIT_IN_JOB_MS_MAX;
    for (;;) {
      await this.#waitToAsk(wanting.signal);
      const slot = await this.#enterAndAsk(wanting, giveUpAt - clock());
      if (slot) return slot;
    }
  }

  /** Keeps its place among the calls of this process with a slot only. */
  async #enterAndAsk(wanting: Wanting, patienceMs: number): Promise<Slot | undefined> {
    const { clock, congestion } = this.#options;
    await wanting.beforeAsking?.();
    const place = await congestion.enter();
    // The Redis of one account may not answer, and the others must not wait for it.
    place.lapseAfter(ANSWER_MS_MAX);
    let slot: Slot | undefined;
    try {
      slot = await this.#ask(wanting, place, patienceMs);
    } finally {
      if (slot) place.lapseAfter(slot.dueAt - clock());
      else place.free();
    }
    return slot;
  }

  /** Waits while the answer is known to be no. */
  async #waitToAsk(signal: AbortSignal): Promise<void> {
    const { clock, hold, roundTrips } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const askAt = this.#nextDueAt + this.#asking * this.#intervalMs - roundTrips.leadMs;
      const waitMs = Math.max(askAt, hold.until) - clock();
      if (waitMs <= 0) return;
      // The hold is infinite while Redis is away, so it is checked again.
      await sleep(Math.min(waitMs, FULL_WINDOW_MS), undefined, { signal });
    }
  }

  /** @returns undefined if there is something to wait for that can be waited for here */
  async #ask(wanting: Wanting, place: Place, patienceMs: number): Promise<Slot | undefined> {
    const { clock, roundTrips, redisClock, hold } = this.#options;
    wanting.signal.throwIfAborted();
    const askedAt = clock();
    const answer = await this.#underWay(() => wanting.ask(this.#questionOf(wanting)));
    const tripMs = clock() - askedAt;
    const isOdd = roundTrips.isOdd(tripMs);
    roundTrips.add(tripMs);
    this.#widen();
    if ('now' in answer) this.#hear(askedAt, askedAt + tripMs, answer.now / MICROSECONDS_PER_MS);
    if ('due' in answer) {
      const dueAt = redisClock.oursAt(answer.due / MICROSECONDS_PER_MS);
      this.#intervalMs = answer.interval / MICROSECONDS_PER_MS;
      this.#nextDueAt = dueAt + this.#intervalMs;
      const isUnknown = isOdd && redisClock.withinMs >= tripMs / 2;
      // Something was found out while the question was under way.
      const isDoubtful = isUnknown || hold.until > clock();
      const misses = (wanting.missed?.slot.misses ?? -1) + 1;
      return { answer, dueAt, isDoubtful, calendar: Date.now() - clock(), misses, place };
    }
    if (answer.verdict === 'paused') throw new NotNow('paused', Number.POSITIVE_INFINITY);
    if (answer.verdict === 'spent') throw new NotNow('spent', 0);
    if (answer.verdict === 'breaker' || answer.verdict === 'outage')
      throw new NotNow(answer.verdict, answer.wait);
    if (answer.verdict === 'turn') {
      // It makes calls of its own, which need places.
      place.free();
      await wanting.onTurn?.();
    } else {
      hold.meet(answer.runId);
      this.#expect(
        answer.wait / MICROSECONDS_PER_MS,
        redisClock.oursAt(answer.now / MICROSECONDS_PER_MS),
        patienceMs,
      );
    }
    return undefined;
  }

  /** If the clock of Redis was set ahead, the last calls left later than it says now, so all is held back. */
  #hear(askedAt: number, answeredAt: number, time: number): void {
    const { redisClock, hold } = this.#options;
    if (redisClock.hear(askedAt, answeredAt, time) >= SET_AHEAD_MS_MIN) hold.begin();
  }

  async #underWay<T>(ask: () => Promise<T>): Promise<T> {
    this.#asking++;
    try {
      return await ask();
    } finally {
      this.#asking--;
    }
  }

  #questionOf({ missed }: Wanting): SlotQuestion {
    const { step, roundTrips, hold } = this.#options;
    // Late twice in a row: this process is slower than its round trips show.
    const lagMs = missed && missed.slot.misses > 0 ? MISSED_SHARE * missed.lateMs : 0;
    const reachMs = Math.min(Math.max(roundTrips.reachMs, lagMs), HORIZON_MS_MAX);
    const horizonMs = Math.max(roundTrips.horizonMs, reachMs);
    return { step, reachMs, horizonMs, missed: missed?.slot.answer.due, knownRunId: hold.runId };
  }

  #expect(waitMs: number, saidAt: number, patienceMs: number): void {
    if (waitMs > patienceMs) throw new NotNow('throttled', waitMs);
    this.#nextDueAt = saidAt + waitMs;
  }

  /** So many ask at a time as slots become due while a question is under way. */
  #widen(): void {
    const { medianMs, horizonMs } = this.#options.roundTrips;
    const askers = 1 + Math.floor((medianMs + horizonMs) / this.#intervalMs);
    this.#limit.concurrency = Math.min(askers, ASKERS_MAX);
  }
}
