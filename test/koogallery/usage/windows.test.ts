import { expect, it } from 'vitest';
import { dueBy } from '../../../src/koogallery/usage/look-at-usage.ts';
import { deadlinesOf, nameOfSlot, slotNamed, slotOf } from '../../../src/koogallery/usage/windows.ts';

const at = (text: string) => Date.parse(`2026-08-${text}Z`);
const iso = (deadlines: Record<string, number>) =>
  Object.values(deadlines).map((time) => new Date(time).toISOString().slice(8, 16));

it.each([
  ['an hour', '09T08:00:00', '09T09:00:00', ['09T09:15', '09T11:00', '30T00:00']],
  ['a part of an hour', '09T08:10:00', '09T08:20:00', ['09T09:15', '09T11:00', '30T00:00']],
  ['a moment on the hour', '09T08:00:00', '09T08:00:00', ['09T08:15', '09T10:00', '30T00:00']],
  ['a day', '09T00:00:00', '10T00:00:00', ['10T00:15', '10T01:00', '30T00:00']],
  ['some hours', '09T08:00:00', '09T12:00:00', ['10T00:15', '10T01:00', '30T00:00']],
])('%s is wanted, and then late', (_, begin, end, expected) => {
  const slot = slotOf({ begin: at(begin), end: at(end) });
  expect(iso(deadlinesOf(slot))).toEqual(expected);
  expect(slotNamed(nameOfSlot(slot))).toEqual(slot);
});

it('tells of each slot the last deadline that is near, and adds up those of one time', () => {
  const hour = (begin: string, records: number) => ({
    slot: slotOf({ begin: at(begin), end: at(begin) + 3_600_000 }),
    records,
  });
  const slots = [hour('09T08:00:00', 3), hour('09T07:00:00', 2)];
  const told = (now: string, list = slots) =>
    dueBy(list, at(now)).map(({ deadline, at: time, records }) => [deadline, ...iso({ time }), records]);
  expect(told('09T08:09:59')).toEqual([]);
  expect(told('09T08:10:00')).toEqual([['wanted', '09T08:15', 2]]);
  expect(told('09T09:10:00')).toEqual([
    ['wanted', '09T09:15', 3],
    ['wanted', '09T08:15', 2],
  ]);
  expect(told('09T09:30:00')).toEqual([
    ['wanted', '09T09:15', 3],
    ['latest', '09T10:00', 2],
  ]);
  expect(told('29T00:00:00')).toEqual([['refused', '30T00:00', 5]]);
});
