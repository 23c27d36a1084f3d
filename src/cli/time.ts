import { InvalidArgumentError } from 'commander';

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** How far ahead a time may be. */
const AHEAD_MS_MAX = 90 * UNITS_MS.d;

/** Parses `2026-01-31T22:00:00+08:00` or `+90m`. @returns milliseconds since 1970 */
export function parseWhen(text: string): number {
  const now = Date.now();
  const relative = /^\+(\d{1,6})([smhd])$/.exec(text);
  const unit = relative?.[2] as keyof typeof UNITS_MS | undefined;
  const at = unit === undefined ? Date.parse(text) : now + Number(relative?.[1]) * UNITS_MS[unit];
  if (at >= now && at - now <= AHEAD_MS_MAX) return at;
  throw new InvalidArgumentError(
    'Give a time in the future, at most 90 days ahead: 2026-01-31T22:00:00+08:00 or +90m.',
  );
}
