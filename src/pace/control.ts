/**
 * How far apart the calls of one step must be. Pure: state and event in, next state out.
 *
 * The interval is `settled + surge`.
 * `settled` answers the spread of the network's delay. Calls that leave `d` apart may arrive closer; a peer that
 *   counts exactly sees a sixth call in a second when five gaps lose more than 5·(d − 1000/rate). How much they
 *   lose is not known beforehand, so a throttled call now and then adds 2 ms, and every 30 s without one takes
 *   half a millisecond back. One throttle then buys two quiet minutes: 0.17 % of the calls at 5 per second. Before
 *   the first throttle it takes only 5 s. Five milliseconds a second are never tried: any timer may lose them.
 *   Throttles within 10 s of each other add 2, 4, 8 … ms, so a spread of 80 ms is met in four or five of them.
 * `surge` answers a peer that allows less than it promised. A streak that has added more than 24 ms is no network
 *   any more: all it added becomes the surge, which grows by up to 64 ms a throttle, so a limit of 3 instead of 5
 *   per second is met in about ten calls. After 10 quiet seconds the surge is halved every 2 s. If that turns out
 *   too early, the last surge that held comes back.
 *
 * The wait after a throttled call is a uniform share of 1 s, doubled for every throttle without a success between
 * (full jitter, 60 s at most), or what the peer asked for. It is short at first because waiting costs more than
 * being throttled once more.
 *
 * All times are microseconds of the Redis clock.
 */
export const MICROSECONDS_PER_MS = 1000;
const ms = (value: number) => value * MICROSECONDS_PER_MS;
const seconds = (value: number) => ms(value * 1000);

const PACE_LIMITS = {
  widenBy: ms(2),
  narrowSettledBy: ms(0.5),
  narrowSettledAfter: seconds(30),
  /** The same before the first throttled call: the first interval is only a guess. */
  narrowGuessAfter: seconds(5),
  /** What the calls of one second always have to spare. */
  slackMin: ms(5),
  streakWithin: seconds(10),
  /** A streak that adds up to this much is put down to network delay, one that adds more to a lower limit. */
  absorbedMax: ms(24),
  stepMax: ms(64),
  surgeHalvedEvery: seconds(2),
  surgeForgottenBelow: ms(1),
  waitFirstMax: seconds(1),
  waitMax: seconds(60),
  /** Largest `settled`, as a multiple of 1/rate: what network delay cannot explain is a surge. */
  settledShareMax: 1.25,
  /** Longest interval, as a multiple of 1/rate. */
  intervalShareMax: 20,
} as const;

/** A hold further ahead than the longest one and a second of margin was set by a clock that has been set back since. */
export const HOLD_MAX = PACE_LIMITS.waitMax + seconds(1);

export interface PaceState {
  settled: number;
  surge: number;
  /** The surge before it was last halved: the last that is known to have held. */
  surgeHeld: number;
  /** Throttles in a row that came within `streakWithin` of each other. */
  streak: number;
  /** `settled` when the streak began. */
  streakBase: number;
  /** Throttles since the last call that was let through. */
  refusals: number;
  lastThrottle: number;
  /** Since when nothing has changed the interval. */
  quietSince: number;
  /** Nothing is sent before this time. */
  until: number;
}

export interface PaceTarget {
  /** Calls per second that the peer allows. */
  rate: number;
  /** Added to 1/rate for the first interval, in microseconds. */
  guard: number;
}

export function initialPace(target: PaceTarget, now: number): PaceState {
  const settled = even(target) + target.guard;
  return {
    settled,
    surge: 0,
    surgeHeld: 0,
    streak: 0,
    streakBase: settled,
    refusals: 0,
    lastThrottle: 0,
    quietSince: now,
    until: 0,
  };
}

/** 1/rate: less would exceed the limit even if nothing were ever late. */
const even = ({ rate }: PaceTarget) => seconds(1) / rate;
/** The smallest `settled`. */
const shortest = ({ rate }: PaceTarget) => (seconds(1) + PACE_LIMITS.slackMin) / rate;

/** How much later than a second the call after a full second of calls is, in microseconds. */
export function slackOf(target: PaceTarget, interval: number): number {
  return Math.max(interval - even(target), 0) * target.rate;
}

export function intervalOf({ settled, surge }: Pick<PaceState, 'settled' | 'surge'>): number {
  return settled + surge;
}

/**
 * After a throttled call.
 * @param random uniform in [0, 1)
 * @param askedWait what the peer asked for, in microseconds
 */
export function afterThrottle(
  state: PaceState,
  target: PaceTarget,
  event: { now: number; random: number; askedWait?: number },
): PaceState {
  const { now } = event;
  // A call that was in flight while another was throttled says nothing new.
  if (now < state.until) return state;
  const refusals = state.refusals + 1;
  const waitMax = Math.min(PACE_LIMITS.waitFirstMax * 2 ** (refusals - 1), PACE_LIMITS.waitMax);
  const wait = Math.min(event.askedWait ?? event.random * waitMax, PACE_LIMITS.waitMax);
  return { ...widen(state, target, now), refusals, lastThrottle: now, quietSince: now, until: now + wait };
}

function widen(state: PaceState, target: PaceTarget, now: number): PaceState {
  const settledMax = even(target) * PACE_LIMITS.settledShareMax;
  if (now - state.lastThrottle < PACE_LIMITS.streakWithin) return widenInStreak(state, target);
  if (state.surgeHeld > 0) {
    const held = state.settled + state.surgeHeld;
    if (held <= settledMax) return { ...state, settled: held, surge: 0, surgeHeld: 0, streak: 0 };
    return { ...state, surge: state.surgeHeld, surgeHeld: 0, streak: 0 };
  }
  return { ...state, settled: Math.min(state.settled + PACE_LIMITS.widenBy, settledMax), streak: 0 };
}

function widenInStreak(state: PaceState, target: PaceTarget): PaceState {
  const streak = state.streak + 1;
  const base = streak === 1 ? state.settled : state.streakBase;
  const step = Math.min(PACE_LIMITS.widenBy * 2 ** state.streak, PACE_LIMITS.stepMax);
  const intervalMax = even(target) * PACE_LIMITS.intervalShareMax;
  const interval = Math.min(state.settled + Math.max(state.surge, state.surgeHeld) + step, intervalMax);
  const next = { ...state, surgeHeld: 0, streak, streakBase: base };
  if (interval - base <= PACE_LIMITS.absorbedMax) return { ...next, settled: interval, surge: 0 };
  return { ...next, settled: base, surge: interval - base };
}

/** After a call that was let through: narrows the interval if it has been quiet long enough. */
export function afterQuiet(state: PaceState, target: PaceTarget, now: number): PaceState {
  const calm = state.refusals === 0 ? state : { ...state, refusals: 0 };
  if (!isNarrowingDue(calm, now)) return calm;
  if (calm.surge > 0) {
    const half = calm.surge / 2;
    const surge = half < PACE_LIMITS.surgeForgottenBelow ? 0 : half;
    return { ...calm, surge, surgeHeld: calm.surge, quietSince: now };
  }
  // A guard may have been chosen that begins with less.
  const least = Math.min(calm.settled, shortest(target));
  const settled = Math.max(calm.settled - PACE_LIMITS.narrowSettledBy, least);
  return { ...calm, settled, surgeHeld: 0, quietSince: now };
}

/** Whether `afterQuiet` would change the interval; asked at every call, so it must be cheap. */
export function isNarrowingDue(
  state: Pick<PaceState, 'surge' | 'lastThrottle' | 'quietSince'>,
  now: number,
): boolean {
  const { narrowGuessAfter, narrowSettledAfter } = PACE_LIMITS;
  if (state.surge === 0)
    return now - state.quietSince >= (state.lastThrottle === 0 ? narrowGuessAfter : narrowSettledAfter);
  return (
    now - state.lastThrottle >= PACE_LIMITS.streakWithin &&
    now - state.quietSince >= PACE_LIMITS.surgeHalvedEvery
  );
}
