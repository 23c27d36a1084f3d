/** How far away Redis is. */
import type { RedisClient } from './connect.ts';

/** Odd, so that one is in the middle. */
const TRIPS = 5;

/** The median of a few round trips, in milliseconds. */
export async function medianRoundTripMs(redis: RedisClient): Promise<number> {
  const trips: number[] = [];
  for (let count = 0; count < TRIPS; count++) {
    const begun = performance.now();
    await redis.ping();
    trips.push(performance.now() - begun);
  }
  return trips.sort((a, b) => a - b)[(TRIPS - 1) / 2] ?? 0;
}
