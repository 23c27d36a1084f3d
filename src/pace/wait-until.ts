/** Waits to the millisecond. */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/** Timers count whole milliseconds, and may fire one early: the rest is waited out turn by turn of the event loop. */
const TIMER_MS_MIN = 2;

/**
 * @param at on the clock, in milliseconds
 * @throws the abort reason of the signal
 */
export async function waitUntil(at: number, clock: () => number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const leftMs = at - clock();
    if (leftMs <= 0) return;
    if (leftMs > TIMER_MS_MIN) await sleep(leftMs - 1, undefined, { signal });
    else await setImmediate(undefined, { signal });
  }
}
