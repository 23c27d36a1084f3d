/**
 * When usage must have been reported. The marketplace collects each hour, or each day; what comes later is too late to be
 * billed with it. All on the clock of UTC: the zone of the daily clock is not documented (docs/koogallery-sources.md). Pure.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** Usage that began earlier than this before a report is refused. */
export const AGE_MS_MAX = 21 * DAY_MS;

/** By the length of its span: what spans more than an hour is billed daily. */
export type Rhythm = 'hourly' | 'daily';

const RHYTHMS: Readonly<Record<Rhythm, { everyMs: number; wantedMs: number; latestMs: number }>> = {
  hourly: { everyMs: HOUR_MS, wantedMs: 15 * MINUTE_MS, latestMs: 2 * HOUR_MS },
  daily: { everyMs: DAY_MS, wantedMs: 15 * MINUTE_MS, latestMs: HOUR_MS },
};

/** What is due at the same time, so that deadlines need not be looked up record by record. */
export interface Slot {
  rhythm: Rhythm;
  /** End of the hour or the day to which the usage belongs; milliseconds since 1970. */
  closes: number;
  /** The day on which the oldest of it began. */
  beganOn: number;
}

export const DEADLINES = ['wanted', 'latest', 'refused'] as const;
export type Deadline = (typeof DEADLINES)[number];

/** How long before a deadline people are told, in milliseconds. */
export const WARNED_BEFORE_MS: Readonly<Record<Deadline, number>> = {
  wanted: 5 * MINUTE_MS,
  latest: 30 * MINUTE_MS,
  refused: DAY_MS,
};

/** @param usage milliseconds since 1970 */
export function slotOf({ begin, end }: { begin: number; end: number }): Slot {
  const rhythm = end - begin <= HOUR_MS ? 'hourly' : 'daily';
  const { everyMs } = RHYTHMS[rhythm];
  return {
    rhythm,
    closes: Math.ceil(end / everyMs) * everyMs,
    beganOn: Math.floor(begin / DAY_MS) * DAY_MS,
  };
}

/** `wanted`: inside the quarter of an hour that the marketplace asks for. `latest`: before it collects. */
export function deadlinesOf({ rhythm, closes, beganOn }: Slot): Record<Deadline, number> {
  const { wantedMs, latestMs } = RHYTHMS[rhythm];
  return { wanted: closes + wantedMs, latest: closes + latestMs, refused: beganOn + AGE_MS_MAX };
}

export function nameOfSlot({ rhythm, closes, beganOn }: Slot): string {
  return `${rhythm} ${closes} ${beganOn}`;
}

/** @param name as `nameOfSlot` makes it */
export function slotNamed(name: string): Slot {
  const [rhythm = '', closes = '', beganOn = ''] = name.split(' ');
  return { rhythm: rhythm as Rhythm, closes: Number(closes), beganOn: Number(beganOn) };
}

/** `yyyyMMdd'T'HHmmss'Z'`, as usage records have it. @param at milliseconds since 1970 */
export function formatUsageTime(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Takes that form, and ISO 8601 in UTC to the second; undefined for anything else, and for times that no calendar has. */
export function parseUsageTime(text: string): number | undefined {
  const found = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)(?:\.0{1,9})?Z$/.exec(text);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1);
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // The parser would take the 30th of February for the 1st of March.
  return Number.isNaN(at) ||
    formatUsageTime(at) !==
      found
        .slice(1)
        .join('')
        .replace(/^(.{8})/, '$1T') +
        'Z'
    ? undefined
    : at;
}
