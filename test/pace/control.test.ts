import { describe, expect, it } from 'vitest';
import {
  afterQuiet,
  afterThrottle,
  initialPace,
  intervalOf,
  type PaceState,
} from '../../src/pace/control.ts';
import { RollingWindow } from '../../src/sandbox/simulator/rolling-window.ts';

const TARGET = { rate: 5, guard: 4_000 };
const SECOND = 1_000_000;
const start = () => initialPace(TARGET, 0);
const throttle = (state: PaceState, now: number, random = 0.5) =>
  afterThrottle(state, TARGET, { now, random });

describe('one throttle', () => {
  it('widens the interval by 2 ms and holds everybody for a share of a second', () => {
    const state = throttle(start(), 100 * SECOND);
    expect(intervalOf(state)).toBe(206_000);
    expect(state.until - 100 * SECOND).toBe(500_000);
  });

  it('changes nothing at a second throttle while the operation is held', () => {
    const state = throttle(start(), 100 * SECOND);
    expect(throttle(state, 100.2 * SECOND)).toBe(state);
  });

  it('waits as long as the peer asks for, up to a minute', () => {
    const asked = (askedWait: number) =>
      afterThrottle(start(), TARGET, { now: 0, random: 0.1, askedWait }).until;
    expect(asked(7 * SECOND)).toBe(7 * SECOND);
    expect(asked(900 * SECOND)).toBe(60 * SECOND);
  });
});

it('doubles the wait up to a minute at throttles without a success between them', () => {
  let state = start();
  const waits = [];
  for (let now = 0, count = 0; count < 9; count++) {
    state = throttle(state, now, 1);
    waits.push((state.until - now) / SECOND);
    now = state.until;
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(throttle(afterQuiet(state, TARGET, state.until), state.until, 1).until - state.until).toBe(SECOND);
});

const quiet = (state: PaceState, from: number, seconds: number) => {
  let next = state;
  for (let now = from; now <= from + seconds * SECOND; now += SECOND) next = afterQuiet(next, TARGET, now);
  return intervalOf(next);
};

it('gives half a millisecond back per 5 quiet seconds until the first throttle, and per 30 from then on', () => {
  expect(quiet(start(), 0, 10)).toBe(203_000);
  const throttled = throttle(start(), 100 * SECOND);
  expect(quiet(throttled, 100 * SECOND, 29)).toBe(206_000);
  expect(quiet(throttled, 100 * SECOND, 60)).toBe(205_000);
});

it('always leaves 5 ms of every second to spare, unless it was told to begin with less', () => {
  expect(quiet(start(), 0, 3600)).toBe(201_000);
  const tight = initialPace({ rate: 5, guard: 500 }, 0);
  expect(intervalOf(afterQuiet(tight, { rate: 5, guard: 500 }, 60 * SECOND))).toBe(200_500);
});

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Sends at the controlled pace to a peer whose limit changes; returns the interval and the throttled over time. */
function simulate(limitAt: (seconds: number) => number, seconds: number) {
  const window = new RollingWindow(5);
  const samples: { at: number; interval: number; isThrottled: boolean }[] = [];
  let state = start();
  for (let now = 0; now < seconds * SECOND; now = Math.max(now + intervalOf(state), state.until)) {
    window.limit = limitAt(now / SECOND);
    const isThrottled = window.admit(now / 1000) > 0;
    state = isThrottled ? throttle(state, now) : afterQuiet(state, TARGET, now);
    samples.push({ at: now / SECOND, interval: intervalOf(state) / 1000, isThrottled });
  }
  return samples;
}

it('follows a limit that drops to 3 for a minute within 30 s each way', () => {
  const samples = simulate((at) => (at >= 60 && at < 120 ? 3 : 5), 240);
  const between = (from: number, to: number) => samples.filter(({ at }) => at >= from && at < to);
  expect(median(between(90, 120).map(({ interval }) => interval))).toBeGreaterThan(320);
  expect(between(90, 120).filter(({ isThrottled }) => isThrottled).length).toBeLessThan(6);
  expect(between(150, 240).every(({ interval }) => interval < 215)).toBe(true);
  expect(between(150, 240).filter(({ isThrottled }) => isThrottled).length).toBeLessThanOrEqual(1);
});

it('is not throttled by a limit that stays as it is', () => {
  expect(simulate(() => 5, 600).filter(({ isThrottled }) => isThrottled)).toEqual([]);
});
