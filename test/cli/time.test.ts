import { afterEach, expect, it, vi } from 'vitest';
import { parseWhen } from '../../src/cli/time.ts';
import { describeWhen } from '../../src/onboarding/describe-when.ts';

const NOW = Date.UTC(2026, 9, 20, 12);
const parse = (text: string) => parseWhen(text, undefined, NOW);
afterEach(() => vi.unstubAllEnvs());

it.each([
  ['+90m', NOW + 90 * 60_000],
  ['+0s', NOW],
  ['2026-10-21T22:00:00+08:00', Date.UTC(2026, 9, 21, 14)],
  ['2026-10-21 22:00+08:00', Date.UTC(2026, 9, 21, 14)],
  ['2026-10-21T22:00Z', Date.UTC(2026, 9, 21, 22)],
  ['2026-10-21t22:00:30.500z', Date.UTC(2026, 9, 21, 22, 0, 30)],
  // As the clock of this machine shows it: summer time until the 25th.
  ['2026-10-24T22:00', Date.UTC(2026, 9, 24, 20)],
  ['2026-10-26T22:00', Date.UTC(2026, 9, 26, 21)],
])('%s is a time', (text, at) => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  expect(parse(text)).toBe(at);
});

it.each([
  ['tomorrow', 'Give 2026-01-31T22:00:00+08:00'],
  ['', 'Give'],
  ['2026-10-21', 'Give'],
  ['Oct 21 2026 10:00', 'Give'],
  ['1790000000000', 'Give'],
  ['+-5m', 'Give'],
  ['2026-11-31T10:00:00Z', 'There is no 2026-11-31 10:00:00 in the calendar'],
  ['2026-02-30T10:00', 'There is no 2026-02-30'],
  ['2026-13-01T10:00Z', 'There is no 2026-13-01'],
  ['2026-11-01T24:00Z', 'There is no 2026-11-01 24:00:00'],
  ['2026-11-01T10:60Z', 'There is no'],
  ['2026-11-01T10:00+25:00', 'There is no time zone +25:00'],
  ['2026-10-25T02:30', 'comes twice in Europe/Berlin, because the clock is put back. Add +02:00 or +01:00.'],
  ['2026-10-20T11:59:30Z', 'That is 30 s ago'],
  ['2020-01-01T00:00Z', 'ago'],
  ['2027-10-21T10:00Z', 'That is 365 d 22 h ahead; at most 90 days'],
])('%j is refused: %s', (text, why) => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  expect(() => parse(text)).toThrow(why);
});

it('refuses an hour that the clock skips', () => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  const spring = Date.UTC(2026, 2, 20);
  const skipped = () => parseWhen('2026-03-29T02:30', undefined, spring);
  expect(skipped).toThrow('2026-03-29 02:30:00 does not exist in Europe/Berlin');
});

it('refuses half an hour that comes twice, where the clock is put back by that', () => {
  vi.stubEnv('TZ', 'Australia/Lord_Howe');
  const autumn = Date.UTC(2026, 3, 1);
  expect(() => parseWhen('2026-04-05T01:45', undefined, autumn)).toThrow('Add +11:00 or +10:30.');
});

it('tells a time as the clock of this machine shows it, with its zone and how far it is', () => {
  vi.stubEnv('TZ', 'Asia/Shanghai');
  expect(describeWhen(NOW + 11_520_000, NOW)).toBe(
    '2026-10-20 23:12:00 +08:00 (Asia/Shanghai), in 3 h 12 min',
  );
  expect(describeWhen(NOW + 30_000, NOW)).toMatch(/, in 30 s$/);
  expect(describeWhen(NOW - 1, NOW)).toMatch(/\(Asia\/Shanghai\)$/);
});
