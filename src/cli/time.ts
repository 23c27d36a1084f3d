/** Times that a person types. Pure. */
import { InvalidArgumentError } from 'commander';
import { describeWait, offsetOf, zoneName } from '../onboarding/describe-when.ts';

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** How far ahead a time may be. */
const AHEAD_MS_MAX = 90 * UNITS_MS.d;
const FORMS = 'Give 2026-01-31T22:00:00+08:00, 2026-01-31T22:00 in the time zone of this machine, or +90m.';

const RELATIVE = /^\+(?<count>\d{1,6})(?<unit>[smhd])$/;
const ABSOLUTE =
  /^(?<date>\d{4}-\d{2}-\d{2})[T ](?<hours>\d{2}):(?<minutes>\d{2})(?::(?<seconds>\d{2})(?:\.\d{1,3})?)?(?<zone>Z|[+-]\d{2}:\d{2})?$/i;
const ZONE = /^(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/i;

/** How to ask for a time, for the help of an option. */
export const WHEN_HELP =
  'start at this time: 2026-01-31T22:00:00+08:00, the same without zone (local), or +90m';

/** Parses a point of time in the future. @returns milliseconds since 1970 */
export function parseWhen(text: string, _earlier?: unknown, now: number = Date.now()): number {
  const at = parseRelative(text, now) ?? parseAbsolute(text);
  if (at < now) throw new InvalidArgumentError(`That is ${describeWait(now - at)} ago.`);
  if (at - now <= AHEAD_MS_MAX) return at;
  throw new InvalidArgumentError(`That is ${describeWait(at - now)} ahead; at most 90 days are possible.`);
}

function parseRelative(text: string, now: number): number | undefined {
  const { count, unit } = RELATIVE.exec(text)?.groups ?? {};
  return unit === undefined ? undefined : now + Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

function parseAbsolute(text: string): number {
  const { date = '', hours = '', minutes = '', seconds = '00', zone } = ABSOLUTE.exec(text)?.groups ?? {};
  if (date === '') throw new InvalidArgumentError(FORMS);
  const clock = `${hours}:${minutes}:${seconds}`;
  // Where there is no such day or hour, Date takes another one, or none.
  if (toSeconds(Date.parse(`${date}T${clock}Z`)) !== `${date}T${clock}`)
    throw new InvalidArgumentError(`There is no ${date} ${clock} in the calendar.`);
  if (zone === undefined) return parseLocal(date, clock);
  if (!ZONE.test(zone)) throw new InvalidArgumentError(`There is no time zone ${zone}.`);
  return Date.parse(`${date}T${clock}${zone.toUpperCase()}`);
}

/** Twice a year a clock may skip an hour, or show one twice. */
function parseLocal(date: string, clock: string): number {
  const at = Date.parse(`${date}T${clock}`);
  const shows = (time: number) => toSeconds(time - new Date(time).getTimezoneOffset() * UNITS_MS.m);
  if (shows(at) !== `${date}T${clock}`)
    throw new InvalidArgumentError(
      `${date} ${clock} does not exist in ${zoneName()}: the clock is put forward over it. Choose another time.`,
    );
  const again = [at - UNITS_MS.h, at - UNITS_MS.h / 2, at + UNITS_MS.h / 2, at + UNITS_MS.h].find(
    (other) => shows(other) === shows(at),
  );
  if (again === undefined) return at;
  const zones = [at, again].map(offsetOf).join(' or ');
  throw new InvalidArgumentError(
    `${date} ${clock} comes twice in ${zoneName()}, because the clock is put back. Add ${zones}.`,
  );
}

const toSeconds = (time: number) => (Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 19));
