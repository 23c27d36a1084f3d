import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { characterProblem } from '../../src/customer/characters.ts';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { fingerprintOf } from '../../src/customer/fingerprint.ts';
import { parseColumns } from '../../src/customer/header.ts';
import { checkRow } from '../../src/customer/validate.ts';
import { unquoteFormulas } from '../../src/source/formula-quote.ts';

const columns = parseColumns([...INPUT_FIELDS]);
const GOOD = ['C01', 'Aliyun', 'Hangzhou', 'partner@aliyun.com', 'CN', 'Marketing', 'a.pdf'];
const check = (changes: Record<number, string>) =>
  checkRow(columns, { line: 7, values: GOOD.map((value, index) => changes[index] ?? value) });

it.each([
  ['Ac\u202eme', 'U+202E RIGHT-TO-LEFT OVERRIDE at position 3'],
  ['\u200eAcme', 'U+200E LEFT-TO-RIGHT MARK at position 1'],
  ['😀\u00adme', 'U+00AD SOFT HYPHEN at position 2'],
  ['a\u200bb', 'U+200B ZERO WIDTH SPACE at position 2'],
  ['a\u0007', 'U+0007 BELL at position 2'],
  ['a\u0091', 'U+0091 (a control character) at position 2'],
  ['bad\ud800name', 'U+D800 (half of a character) at position 4'],
  ['a\u200db', 'U+200D ZERO WIDTH JOINER at position 2'],
  ['a\u200c', 'U+200C ZERO WIDTH NON-JOINER at position 2'],
  ['a\u{e0041}', 'U+E0041 (an invisible character) at position 2'],
  ['a\ufffe', 'U+FFFE (not a character) at position 2'],
  ['a \ufe0f', 'U+FE0F (a variation selector) at position 3'],
  ['ㅤ', 'U+3164 HANGUL FILLER at position 1'],
])('refuses %j by name', (text, name) => {
  expect(characterProblem(text)).toEqual({ code: 'CONTROL_CHARACTER', message: `contains ${name}` });
});

it('tells a character that an earlier conversion has lost from an invisible one', () => {
  expect(characterProblem('M\ufffdller')).toMatchObject({ code: 'CHARACTER_LOST' });
});

it.each([
  ['Persian', 'می‌خواهم'],
  ['Hindi', 'क्‍ष'],
  ['Malayalam, where a joiner may end a word', 'അവന്‍ വന്നു'],
  ['Sinhala', 'ශ්‍රී ලංකා'],
  ['Mongolian', 'ᠬᠠᠭ\u180eᠠ'],
  ['emoji', '👩‍💻 👁️‍🗨️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ['Japanese variants', '葛\u{e0100}城市'],
  ['accents that have no composed form', 'q\u0303'],
  ['letters beyond U+FFFF', '𠮷野家'],
])('accepts %s', (_name, text) => {
  expect(characterProblem(text)).toBeUndefined();
});

it('says of each row of invisible leftovers what and where it is, once', async () => {
  const [header = [], ...rows] = parse(await readFile('test/fixtures/inputs/11-bidi.csv')) as string[][];
  const found = rows.map((values) => checkRow(parseColumns(header), { line: 2, values }).problems);
  expect(found.map((problems) => problems.map(({ column, message }) => `${column} ${message}`))).toEqual([
    ['CustSpaceId (column 1) contains U+202A LEFT-TO-RIGHT EMBEDDING at position 1'],
    ['ContactMail (column 4) contains U+202A LEFT-TO-RIGHT EMBEDDING at position 1'],
    ['CustName (column 2) contains U+202A LEFT-TO-RIGHT EMBEDDING at position 1'],
    ['IsvTerms (column 7) contains U+202A LEFT-TO-RIGHT EMBEDDING at position 1'],
    ['CountryId (column 5) contains U+200E LEFT-TO-RIGHT MARK at position 3'],
    ['CustName (column 2) contains U+00AD SOFT HYPHEN at position 3'],
  ]);
});

it('refuses half of a character that an escape in NDJSON has made', async () => {
  const row = JSON.parse(await readFile('test/fixtures/inputs/nd_surr.ndjson', 'utf8'));
  const { problems } = checkRow(parseColumns(Object.keys(row)), { line: 1, values: Object.values(row) });
  expect(problems.map(({ message }) => message)).toEqual([
    'contains U+D800 (half of a character) at position 4',
  ]);
});

it('refuses half of a character in a column that is only echoed too', () => {
  const more = parseColumns([...INPUT_FIELDS, 'Note']);
  expect(checkRow(more, { line: 2, values: [...GOOD, 'x\udc00'] }).problems).toEqual([
    expect.objectContaining({ code: 'CONTROL_CHARACTER', column: 'Note (column 8)' }),
  ]);
});

it.each([
  [0, 'Ｃ０１－ａ', 'C01-a'],
  [3, 'ｐａｒｔｎｅｒ＠ａｌｉｙｕｎ。ｃｏｍ', 'partner@aliyun.com'],
  [3, 'mailto:partner@aliyun.com', 'partner@aliyun.com'],
  [4, 'ｃｎ', 'CN'],
])('reads column %i, %s, as %s and says so', (index, cell, meant) => {
  const { input, warnings } = check({ [index]: cell });
  expect(Object.values(input ?? {})).toContain(meant);
  const column = `${INPUT_FIELDS[index]} (column ${index + 1})`;
  expect(warnings).toEqual([{ line: 7, column, code: 'TEXT_NORMALISED', message: `is read as ${meant}` }]);
});

it('keeps full-width signs where they are a name, and says nothing of what it always cleaned', () => {
  const { input, warnings } = check({ 1: '（株）Ａ社', 4: ' cn ', 5: ' x\ny ' });
  expect([input?.CustName, input?.CountryId, input?.BusinessDesc, warnings]).toEqual([
    '（株）Ａ社',
    'CN',
    'x y',
    [],
  ]);
});

it('keeps the fingerprints of what earlier versions accepted', () => {
  const awkward = {
    1: 'Cafe\u0301 ＡＢＣ　株式会社',
    // The quote is taken off where a file is read now.
    2: unquoteFormulas(" '+86 Road\r\n2 "),
    3: "O'brien+x@a-b.example",
    5: 'می‌خواهم',
  };
  const { input } = check(awkward);
  if (input === undefined) throw new Error('it was accepted before');
  // Made by version 0.1.0 of this program from the same cells.
  expect(fingerprintOf(input, 'aa')).toBe('1.0GrVtzfOWz1jh-gpx90RDwgMOcjcPByDy7t9u8OTUyI');
});
