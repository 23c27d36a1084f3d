/**
 * The times in which nothing could be sent for an account: an open breaker, an outage, a pause by a person, or no worker
 * at all. They count toward no deadline. Pure.
 */

/** Longer than the longest deadline, in milliseconds. */
export const STANDSTILLS_KEPT_MS = 32 * 24 * 3_600_000;

/** Milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** `from-to`, as stored in Redis. */
export function parseSpan(text: string): Span {
  const [from = 0, to = 0] = text.split('-').map(Number);
  return { from, to };
}

/** How much of the whole lies outside all parts, which may overlap; in milliseconds. */
export function measureOutside(whole: Span, parts: readonly Span[]): number {
  let outside = 0;
  let at = whole.from;
  for (const { from, to } of [...parts].sort((a, b) => a.from - b.from)) {
    outside += Math.max(Math.min(from, whole.to) - at, 0);
    at = Math.max(at, to);
  }
  return outside + Math.max(whole.to - at, 0);
}
