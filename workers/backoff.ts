/** How long a call that failed because of the network or the peer waits before it is tried again. */
const BACKOFF_FIRST_MS = 2_000;
const BACKOFF_MS_MAX = 60_000;

/** Exponential with half jitter: between half and all of 2, 4, 8 … 60 s. Pure. */
export function backoffMs(tries: number, random: number): number {
  const full = Math.min(BACKOFF_FIRST_MS * 2 ** (tries - 1), BACKOFF_MS_MAX);
  return Math.round(full / 2 + (random * full) / 2);
}
