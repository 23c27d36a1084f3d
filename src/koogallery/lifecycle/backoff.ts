/** How long to wait before the next attempt, in milliseconds. Pure. */

const FIRST_MS = 5_000;
const FAILED_MS_MAX = 600_000;
/** A buyer waits for what is being made, so whoever makes it is asked more often. */
const ALIVE_MS_MAX = 60_000;

export interface WaitFacts {
  /** Attempts so far if `isAlive`, else failures in a row; at least 1. */
  count: number;
  isAlive: boolean;
  /** What the answer asked for. After a failure it makes the wait longer only: failures are counted, and must not rush by. */
  wantedMs?: number | undefined;
}

export function waitMs({ count, isAlive, wantedMs }: WaitFacts): number {
  const most = isAlive ? ALIVE_MS_MAX : FAILED_MS_MAX;
  const own = Math.min(FIRST_MS * 2 ** (count - 1), most);
  if (wantedMs === undefined) return own;
  return Math.min(Math.max(wantedMs, isAlive ? 1_000 : own), FAILED_MS_MAX);
}
