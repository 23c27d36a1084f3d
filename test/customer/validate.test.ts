import { expect, it } from 'vitest';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { parseColumns } from '../../src/customer/header.ts';
import { checkRow } from '../../src/customer/validate.ts';

const columns = parseColumns([...INPUT_FIELDS]);
const GOOD = ['C01', 'Aliyun', 'Hangzhou', 'partner@aliyun.com', 'CN', 'Marketing', 'a.pdf'];
const problemsOf = (changes: Record<number, string>) =>
  checkRow(columns, { line: 7, values: GOOD.map((value, index) => changes[index] ?? value) }).problems;

it('finds no problem with good values and keeps leading zeros', () => {
  const { input, problems } = checkRow(columns, { line: 2, values: ['007', ...GOOD.slice(1)] });
  expect(problems).toEqual([]);
  expect(input?.CustSpaceId).toBe('007');
});

it.each([
  ['', 0, 'REQUIRED'],
  ['a b', 0, 'ID_INVALID'],
  ['x'.repeat(65), 0, 'TOO_LONG'],
  ['a\u0007b', 1, 'CONTROL_CHARACTER'],
  ['x'.repeat(501), 2, 'TOO_LONG'],
  ['not-a-mail', 3, 'EMAIL_INVALID'],
  ['ZZ', 4, 'COUNTRY_UNKNOWN'],
  ['', 4, 'REQUIRED'],
  ['   ', 6, 'REQUIRED'],
])('refuses the value %j in column %i as %s and names line and column', (value, index, code) => {
  expect(problemsOf({ [index]: value })).toEqual([
    expect.objectContaining({ line: 7, code, column: `${INPUT_FIELDS[index]} (column ${index + 1})` }),
  ]);
});

it.each([
  ['CHN', 'CN'],
  ['Germany', 'DE'],
  ['uk', 'GB'],
])('refuses the country %s and offers the code that was meant', (value, meant) => {
  expect(problemsOf({ 4: value })[0]?.message).toContain(`did you mean ${meant}`);
});

it('reports every bad value of a row', () => {
  expect(problemsOf({ 0: '', 3: 'x', 4: 'XX' }).map(({ code }) => code)).toEqual([
    'REQUIRED',
    'EMAIL_INVALID',
    'COUNTRY_UNKNOWN',
  ]);
});

it('turns line breaks into spaces and composes text; a quote is taken off where a file is read', () => {
  const { input } = checkRow(columns, {
    line: 2,
    values: ['C1', ' A\r\nB ', "'+86 Road", ...GOOD.slice(3, 5), 'Cafe\u0301', 'a.pdf'],
  });
  expect(input).toMatchObject({ CustName: 'A B', OfficeAddress: "'+86 Road", BusinessDesc: 'Café' });
});

it('refuses texts that are too long together for one request', () => {
  expect(problemsOf({ 2: '址'.repeat(400), 5: '描'.repeat(400) })).toEqual([
    expect.objectContaining({ code: 'REQUEST_TOO_LARGE' }),
  ]);
});

it('ignores trailing separators but not trailing values', () => {
  expect(checkRow(columns, { line: 2, values: [...GOOD, '', ''] }).problems).toEqual([]);
  expect(checkRow(columns, { line: 2, values: [...GOOD, 'x'] }).problems).toEqual([
    expect.objectContaining({ code: 'COLUMN_COUNT' }),
  ]);
});
