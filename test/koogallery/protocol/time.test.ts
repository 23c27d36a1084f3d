import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatChina17,
  formatUtc14,
  formatUtc17,
  parseChina,
  parseCompactUtc,
  parseLicenseTime,
  parseUnixTimestamp,
} from '../../../src/koogallery/protocol/time.ts';

const date = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
});

it('writes a time so that reading gives it back', () => {
  fc.assert(
    fc.property(date, (at) => {
      expect(parseCompactUtc(formatUtc17(at))).toEqual(at);
      expect(parseChina(formatChina17(at))).toEqual(at);
      expect(parseCompactUtc(formatUtc14(at))).toEqual(new Date(Math.floor(at.getTime() / 1000) * 1000));
    }),
  );
});

it('reads 14 and 17 digits as UTC, and kit times as UTC+8', () => {
  expect(parseCompactUtc('20250101000000')?.toISOString()).toBe('2025-01-01T00:00:00.000Z');
  expect(parseCompactUtc('20250101000000123')?.toISOString()).toBe('2025-01-01T00:00:00.123Z');
  expect(parseChina('20220413093539534')?.toISOString()).toBe('2022-04-13T01:35:39.534Z');
});

it.each([
  '',
  '2025',
  '20250230000000',
  '20251301000000',
  '20250101240000',
  '2025010100000012',
  'x'.repeat(14),
])('takes %j for no time', (text) => {
  expect(parseCompactUtc(text)).toBeUndefined();
  expect(parseChina(text)).toBeUndefined();
  expect(parseLicenseTime(text)).toBeUndefined();
});

it.each(['2023-10-27 10:30:15 z', '2023-10-27 10:30:15 UTC', '2023-10-27T10:30:15Z', '20231027103015'])(
  'reads %j as a time of a License',
  (text) => {
    expect(parseLicenseTime(text)?.toISOString()).toBe('2023-10-27T10:30:15.000Z');
  },
);

it('reads Unix times in seconds and in milliseconds', () => {
  expect(parseUnixTimestamp('1680508066')).toBe(1_680_508_066_000);
  expect(parseUnixTimestamp('1680508066618')).toBe(1_680_508_066_618);
  for (const text of [
    '',
    '-1',
    '1.5',
    '1e9',
    '01680508066618',
    '0680508066',
    '168050806',
    '16805080666',
    '9'.repeat(14),
  ])
    expect(parseUnixTimestamp(text)).toBeUndefined();
});
