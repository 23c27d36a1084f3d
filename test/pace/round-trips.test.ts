import { expect, it } from 'vitest';
import { RoundTrips } from '../../src/pace/round-trips.ts';

function tripsOf(...all: number[]): RoundTrips {
  const trips = new RoundTrips();
  for (const ms of all) trips.add(ms);
  return trips;
}

it('asks 1.4 round trips ahead, by the median of the latest', () => {
  expect(tripsOf(50, 48, 500, 52, 49).horizonMs).toBeCloseTo(70);
  const moved = tripsOf(...Array(20).fill(50), ...Array(8).fill(20));
  expect(moved.medianMs).toBe(20);
});

it('asks a few milliseconds ahead of a Redis that is near, and never more than a second', () => {
  expect(tripsOf(0.2, 0.3, 0.2).horizonMs).toBe(20);
  expect(new RoundTrips().horizonMs).toBe(20);
  expect(tripsOf(4_000).horizonMs).toBe(1_000);
});

it('asks so early that the question arrives within the horizon, even if it is faster than usual', () => {
  const trips = tripsOf(50);
  expect(trips.leadMs - 0.7 * 25).toBeLessThan(trips.horizonMs);
  expect(trips.leadMs - 1.3 * 25).toBeGreaterThan(trips.reachMs - 8);
});

it('takes a trip three times as long as usual as saying nothing, but no hiccup of a few milliseconds', () => {
  const trips = tripsOf(50, 51, 49);
  expect([140, 151].map((ms) => trips.isOdd(ms))).toEqual([false, true]);
  expect([4, 6].map((ms) => tripsOf(0.2, 0.2).isOdd(ms))).toEqual([false, true]);
  expect(new RoundTrips().isOdd(1_000)).toBe(false);
});
