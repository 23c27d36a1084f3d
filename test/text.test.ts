import { expect, it } from 'vitest';
import { plural, renderDuration, renderTable } from '../src/text.ts';

it.each([
  [0.2, '1s'],
  [59, '59s'],
  [725, '12m 05s'],
  [19_800, '5h 30m'],
])('%d seconds are %s', (seconds, text) => {
  expect(renderDuration(seconds)).toBe(text);
});

it('a count agrees with its noun', () => {
  expect([plural(0, 'row'), plural(1, 'row'), plural(2, 'row')]).toEqual(['0 rows', '1 row', '2 rows']);
});

it('the columns of a table are as wide as their widest cell, and no line ends in spaces', () => {
  expect(
    renderTable([
      ['a', 'name', ''],
      ['long', 'b', 'c'],
      ['d', 'e'],
    ]),
  ).toBe('a     name\nlong  b     c\nd     e');
});

it('columns are straight on a terminal, where a Chinese character is two wide', () => {
  const lines = renderTable([
    ['name', 'state'],
    ['客户', 'running'],
    ['José', 'paused'],
  ]);
  expect(lines).toBe('name  state\n客户  running\nJosé  paused');
});
