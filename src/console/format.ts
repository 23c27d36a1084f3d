/** Numbers and times as people of the chosen language write them. Pure, but for the time zone. */
import { language, t } from './language.ts';

const locale = () => (language.value === 'zh' ? 'zh-CN' : 'en-GB');

export const count = (number: number): string => number.toLocaleString(locale());

/** `43 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`. */
export function duration(seconds: number): string {
  const units = t().shell.units;
  const whole = Math.max(1, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), units.day],
    [Math.floor(whole / 3_600) % 24, units.hour],
    [Math.floor(whole / 60) % 60, units.minute],
    [whole % 60, units.second],
  ];
  const first = parts.findIndex(([number]) => number > 0);
  return parts
    .slice(first, first + 2)
    .filter(([number]) => number > 0)
    .map(([number, unit]) => `${number} ${unit}`)
    .join(' ');
}

/** A language that writes days as ISO 8601 does. */
const DAYS = 'sv-SE';
const DAY_AND_TIME = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;

/** In the time zone of whoever looks. */
export function moment(iso: string): string {
  const time = new Date(iso);
  // Year, month, day: the order that nobody misreads.
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? time.toLocaleTimeString(locale()) : time.toLocaleString(DAYS, DAY_AND_TIME);
}

/** @param isExact with seconds */
export const clock = (ms: number, isExact: boolean): string =>
  new Date(ms).toLocaleTimeString(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    ...(isExact && { second: '2-digit' }),
  });

export const percent = (share: number): string =>
  share.toLocaleString(locale(), {
    style: 'percent',
    maximumFractionDigits: share > 0.99 && share < 1 ? 1 : 0,
  });

export const rate = (perSecond: number): string =>
  perSecond.toLocaleString(locale(), { maximumFractionDigits: 2 });
