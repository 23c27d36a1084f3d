/** The pace of a step as stored in Redis: its state, and what it has counted. Pure. */
import type { StepName } from '../redis/keys.ts';
import { intervalOf, MICROSECONDS_PER_MS, type PaceState } from './control.ts';

/** @returns undefined before the first call */
export function parsePace(stored: Record<string, string>): PaceState | undefined {
  if (stored.settled === undefined) return undefined;
  const number = (field: keyof PaceState) => Number(stored[field] ?? 0);
  return {
    settled: number('settled'),
    surge: number('surge'),
    surgeHeld: number('surgeHeld'),
    streak: number('streak'),
    streakBase: number('streakBase'),
    refusals: number('refusals'),
    lastThrottle: number('lastThrottle'),
    quietSince: number('quietSince'),
    until: number('until'),
  };
}

/** The current pace, for people and metrics. */
export interface PaceView {
  step: StepName;
  /** Current interval between two calls, in milliseconds; absent before the first call. */
  intervalMs: number | undefined;
  /** Calls that the peer throttled. */
  throttled: number;
  /** Calls that were let through. */
  granted: number;
}

export function paceViewOf(step: StepName, stored: Record<string, string>): PaceView {
  const state = parsePace(stored);
  return {
    step,
    intervalMs: state && intervalOf(state) / MICROSECONDS_PER_MS,
    throttled: Number(stored.throttled ?? 0),
    granted: Number(stored.granted ?? 0),
  };
}
