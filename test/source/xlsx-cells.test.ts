/** What a cell says: text as it is, anything else only where it is certain. */
import { expect, it } from 'vitest';
import { readSheet, rowXml, textCell } from '../support/workbook.ts';

const FORMATS = [
  'General',
  '00000000',
  '000-0000',
  'yyyy\\-mm\\-dd',
  '#,##0',
  '0%',
  '0.00',
  ';;;',
  '[h]:mm',
  '0E+0',
];
const styled = (format: string, value: string, more = '') =>
  `<c s="${FORMATS.indexOf(format)}" ${more}><v>${value}</v></c>`;

const readCell = async (cell: string, texts = '') => {
  const { rows } = await readSheet(rowXml(cell), { formats: FORMATS, texts });
  return [rows[0]?.values[0] ?? '', rows[0]?.refused?.[0]?.why];
};

it.each([
  ['a shared text', '<c t="s"><v>1</v></c>', '007'],
  ['an inline text', textCell('007'), '007'],
  ['the text of a formula', '<c t="str"><f>A2&amp;"7"</f><v>007</v></c>', '007'],
  ['an empty text of a formula', '<c t="str"><f>""</f><v></v></c>', ''],
  ['a whole number', styled('General', '1234'), '1234'],
  ['a whole number of 15 digits', styled('General', '123456789012345'), '123456789012345'],
  ['a whole number in scientific notation', styled('General', '1.2345E+4'), '12345'],
  ['a number shown with zeros', styled('00000000', '1234'), '00001234'],
  ['a number shown in groups', styled('000-0000', '1234'), '000-1234'],
  ['a text that looks like an escape', textCell('_x005F_x0041_ _x0042_'), '_x0041_ B'],
  [
    'a text in several runs',
    '<c t="inlineStr"><is><r><t>A</t></r><r><t xml:space="preserve"> B</t></r></is></c>',
    'A B',
  ],
  [
    'a text with its reading',
    '<c t="inlineStr"><is><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></is></c>',
    '東京',
  ],
  ['a text in CDATA', '<c t="inlineStr"><is><t><![CDATA[a<b]]>&amp;c</t></is></c>', 'a<b&c'],
])('takes %s', async (_name, cell, text) => {
  expect(await readCell(cell, '<si><t>x</t></si><si><t>007</t></si>')).toEqual([text, undefined]);
});

it.each([
  [
    'a number of 18 digits',
    styled('General', '123456789012346000'),
    /123456789012346000; of its digits Excel kept/,
  ],
  [
    'the same in scientific notation',
    styled('00000000', '1.23456789012346E+17'),
    /123456789012346000; of its digits/,
  ],
  ['a date', styled('yyyy\\-mm\\-dd', '46024'), /a date \(2026-01-02\)/],
  ['a time', styled('[h]:mm', '1.5'), /a date \(1900-01-01 12:00:00\)/],
  ['a date in ISO 8601', '<c t="d"><v>2026-01-02</v></c>', /a date \(2026-01-02\)/],
  ['a truth value', '<c t="b"><v>1</v></c>', /TRUE, which is a truth value/],
  ['an error', '<c t="e"><v>#N/A</v></c>', /the error #N\/A/],
  ['a formula without a result', '<c><f>1+1</f></c>', /has a formula whose result is not in the file/],
  [
    'a formula with an empty result',
    '<c><f>1+1</f><v/></c>',
    /has a formula whose result is not in the file/,
  ],
  ['a number with separators', styled('#,##0', '1234'), /the number 1234, shown in the format #,##0/],
  ['a percentage', styled('0%', '1'), /the number 1, shown in the format 0%/],
  ['a number with decimals', styled('General', '0.5'), /a number with decimals \(0.5\)/],
  ['a whole number shown with decimals', styled('0.00', '12'), /the number 12, shown/],
  ['a number that is not shown', styled(';;;', '1234'), /the number 1234, shown/],
  ['a number shown rounded', styled('0E+0', '1234'), /the number 1234, shown/],
  ['what is no number', '<c><v>0x12</v></c>', /a number that is none/],
  ['a shared text that is not there', '<c t="s"><v>7</v></c>', /refers to a text that is not in the file/],
  ['an unknown kind', '<c t="q"><v>7</v></c>', /something of an unknown kind \(7\)/],
  ['more text than Excel allows', textCell('x'.repeat(32_768)), /holds more than 32767 characters/],
])('refuses %s', async (_name, cell, why) => {
  expect((await readCell(cell))[1]).toMatch(why);
});

it('names cells as the spreadsheet does, with their rows, and reads the others', async () => {
  const { rows } = await readSheet(
    `${rowXml(textCell('a'))}<row r="7">${textCell('x', 'r="B7"')}<c r="AB7" t="b"><v>0</v></c></row>${rowXml(textCell('z'))}`,
  );
  expect(rows.map(({ line, refused }) => [line, refused?.map(({ cell, index }) => [cell, index])])).toEqual([
    [1, undefined],
    [7, [['AB7', 27]]],
    [8, undefined],
  ]);
});

it('refuses the second of two cells with one name, and cells far to the right', async () => {
  const { rows } = await readSheet(
    `<row r="1">${textCell('x', 'r="A1"')}${textCell('y', 'r="A1"')}${textCell('far', 'r="XFD1"')}</row>`,
  );
  expect(rows[0]?.values).toEqual(['x']);
  expect(rows[0]?.refused?.map(({ cell, why }) => [cell, why])).toEqual([
    ['A1', 'is in the file twice, or out of order'],
    ['XFD1', 'is far to the right of the table'],
  ]);
});

it('counts days from 1904 where the workbook does', async () => {
  const { rows } = await readSheet(rowXml(styled('yyyy\\-mm\\-dd', '44562')), {
    formats: FORMATS,
    workbookPr: '<workbookPr date1904="1"/>',
  });
  expect(rows[0]?.values).toEqual(['2026-01-02']);
});

it('reads characters of all planes, however they are written', async () => {
  const points: number[] = [];
  for (let point = 0xa0; point <= 0x10ffff; point += 0x3fb)
    if ((point < 0xd800 || point > 0xdfff) && (point & 0xfffe) !== 0xfffe) points.push(point);
  const text = String.fromCodePoint(...points);
  const decimal = points.map((point) => `&#${point};`).join('');
  const hexadecimal = points.map((point) => `&#x${point.toString(16)};`).join('');
  const cells = [text, decimal, hexadecimal].map((content) => textCell(content)).join('');
  const { rows } = await readSheet(`${rowXml(cells)}${rowXml('<c t="s"><v>0</v></c>')}`, {
    texts: `<si><t>${decimal}</t></si>`,
  });
  expect(rows.map(({ values }) => values)).toEqual([[text, text, text], [text]]);
});
