/** Waits to about a millisecond. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Timers count whole milliseconds, so the nearest one is taken, and one that fires no more than half of one early has come.
 * Waiting out the rest turn by turn of the event loop would be exact, and keep a processor busy for a millisecond each time.
 */
const EARLY_MS_MAX = 0.5;

/** @param at on the clock, in milliseconds */
export const isAhead = (at: number, clock: () => number) => at - clock() > EARLY_MS_MAX;

/**
 * @param at on the clock, in milliseconds
 * @throws the abort reason of the signal
 */
export async function waitUntil(at: number, clock: () => number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const leftMs = at - clock();
    if (leftMs <= EARLY_MS_MAX) return;
    await sleep(Math.round(leftMs), undefined, { signal });
  }
}
