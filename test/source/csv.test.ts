/** What Excel and people leave in CSV files. */
import { describe, expect, it } from 'vitest';
import { byteByByte, cellsOf, readBytes } from '../support/source.ts';

const TABLE = [
  ['a', 'b'],
  ['1', '2'],
  ['3', '4'],
];

it.each([
  ['CRLF in the header, LF below', 'a,b\r\n1,2\n3,4\n'],
  ['LF in the header, CRLF below', 'a,b\n1,2\r\n3,4\r\n'],
  ['CR alone, as of old Macs', 'a,b\r1,2\r3,4'],
  ['line breaks doubled by a copy', 'a,b\r\r\n1,2\r\r\n3,4\r\r\n'],
  ['lines of only separators', 'a,b\r\n,\r\n1,2\r\n,,,,\r\n3,4\r\n,,\r\n'],
  ['lines of only spaces and quotes', 'a,b\n  ,\t\n1,2\n"",""\n3,4\n'],
  ['Ctrl-Z at the end', 'a,b\r\n1,2\r\n3,4\r\n\u001a'],
  ['Ctrl-Z on the last line, filled up', 'a,b\n1,2\n3,4\u001a\u001a\r\n\u001a\n'],
  ['zeros at the end', `a,b\n1,2\n3,4\n${'\0'.repeat(600)}`],
  ['a byte order mark', '\ufeffa,b\n1,2\n3,4'],
  ['one in the middle, after `cat`', '\ufeffa,b\n1,2\n\ufeff"3",4'],
  ['two of them', '\ufeff\ufeff"a",b\n1,2\n\ufeff\ufeff3,4'],
  ['sep=', 'sep=,\r\na,b\r\n1,2\r\n3,4\r\n'],
  ['sep=, quoted and filled up', '"sep=,",,,\na,b\n1,2\n3,4'],
])('reads %s as Excel does', async (_name, content) => {
  expect(await cellsOf(content)).toEqual(TABLE);
  expect(await cellsOf(byteByByte(Buffer.from(content)))).toEqual(TABLE);
});

it('keeps Ctrl-Z and zeros that are not at the end: a row with them is refused by name', async () => {
  expect(await cellsOf('a,b\n1\u001a,2\n\u001a\n3,4\n')).toContainEqual(['1\u001a', '2']);
});

it('numbers lines as the file does, whatever ends them and whatever is left out', async () => {
  const { rows } = await readBytes('sep=,\r\na,b\r\n\n,,\r"x\r\ny\nz",1\r\n\r\n2,3\n');
  expect(rows.map(({ line, values }) => [line, values[1]])).toEqual([
    [2, 'b'],
    [5, '1'],
    [9, '3'],
  ]);
});

describe('separators', () => {
  const seven = (separator: string) => Array.from('abcdefg').join(separator);

  it.each([
    [seven(';'), 'semicolon-separated'],
    [seven('\t'), 'tab-separated'],
    [seven('|'), 'separated by |'],
    [`sep=^\r\n${seven('^')}`, 'separated by ^'],
    [`A title, with commas, and more\r\n\r\n${seven(';')}`, 'semicolon-separated'],
    [`${seven('\t')}\n1\t"Road, a, b, c, d, e, f, g, h"\t\t\t\t\t`, 'tab-separated'],
    [`${seven(';')}\n1;Road, a, b, c, d, e, f, g, h;;;;;`, 'semicolon-separated'],
  ])('recognises that of %j, and says so', async (content, note) => {
    const { rows, notes } = await readBytes(content);
    expect(rows.map(({ values }) => values)).toContainEqual([...'abcdefg']);
    expect(notes).toEqual([note]);
  });

  it('says nothing of commas, and takes a given separator for certain', async () => {
    expect((await readBytes(seven(','))).notes).toEqual([]);
    const { rows, notes } = await readBytes('a;b;c;d;e;f;g,h', { delimiter: ',' });
    expect(rows[0]?.values).toEqual(['a;b;c;d;e;f;g', 'h']);
    expect(notes).toEqual([]);
  });

  it.each(['', '"', '\n', 'tab'])('refuses %j as a separator', async (delimiter) => {
    await expect(readBytes('a,b', { delimiter })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('quotes', () => {
  it.each([
    ['5" pipe,b', ['5" pipe', 'b']],
    ['The "Best" Co,b', ['The "Best" Co', 'b']],
    ['"""Acme"" Ltd",b', ['"Acme" Ltd', 'b']],
    ['" ""x""",b', [' "x"', 'b']],
    ['a,b"', ['a', 'b"']],
  ])('reads %j as Excel does', async (line, cells) => {
    expect(await cellsOf(`x,y\n${line}\n`)).toEqual([['x', 'y'], cells]);
  });

  it.each([
    ['"Acme" Ltd,b', /^Line 2: text follows the closing quote in ""Acme" Ltd"/],
    ['a, "1 Road, Town"', /^Line 2: a space stands before the quote/],
    ['a, "b"', /^Line 2: a space stands before the quote/],
    ['"a"\0b,c', /^Line 2: a character zero follows a quote/],
    ['"a,b', /^Line 2: a quote opens here and is never closed/],
  ])('refuses %j, because nobody can know what was meant', async (line, message) => {
    const refusal = { code: 'INPUT_QUOTE', message: expect.stringMatching(message) };
    await expect(readBytes(`x,y\n${line}\nnext,row\n`)).rejects.toMatchObject(refusal);
  });
});

describe('bounds', () => {
  it.each([
    ['a line without an end', 'x'.repeat(3_000_000), 'INPUT_QUOTE', /^Line 2: this row has more than/],
    ['separators without an end', ','.repeat(600_000), 'INPUT_TOO_LONG', /^Line 2 has more than/],
    ['a row of very many cells', 'x,'.repeat(50_000), 'INPUT_TOO_LONG', /^Line 2 has 50000 cells/],
  ])('refuses %s', async (_name, line, code, message) => {
    const refusal = { code, message: expect.stringMatching(message) };
    await expect(readBytes(`x,y\n${line}`)).rejects.toMatchObject(refusal);
  });

  it('reads a row that Excel has filled up to its last column', async () => {
    expect(await cellsOf(`x,y\n1,2${','.repeat(16_382)}\n`)).toEqual([
      ['x', 'y'],
      ['1', '2'],
    ]);
  });
});
