/** Workbooks that would take more memory or time than a person's ever does: refused in one line, before they take it. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { HEADER_XML, makeWorkbook, readBytes, readSheet, rowXml, textCell } from '../support/workbook.ts';
import { makeZip } from '../support/zip.ts';

const REFUSED = { code: 'INPUT_XLSX' };
const tooLarge = (message: string) => ({ ...REFUSED, message: expect.stringContaining(message) });

it('refuses a cell that no sheet has', async () => {
  await expect(readBytes(await readFile('test/fixtures/xlsx/farcol.xlsx'))).rejects.toMatchObject({
    ...REFUSED,
    message:
      'The workbook is damaged: row 3 of the sheet "S", in which a cell is called "ZZZZZZ3", cannot be read.',
  });
});

it.each([
  ['a row further down than a sheet is long', '<row r="1048577"/>', 'more than 1048576 rows'],
  ['a row without end', '<row r="1e9"/>', 'more than 1048576 rows'],
  ['more cells in a row than a sheet has columns', rowXml('<c/>'.repeat(16_385)), 'more than 16384 columns'],
  [
    'a row of text without end',
    rowXml(`<c t="inlineStr"><is>${'<t>x</t><t><![CDATA[yyyyyyyyy]]></t>'.repeat(110_000)}</is></c>`),
    'more than 1048576 characters',
  ],
  ['a tag without end', rowXml(`<c a="${'x'.repeat(3_000_000)}"/>`), 'a piece of more than'],
  ['tags in tags', '<a>'.repeat(100), 'tags 65 deep'],
  ['a sheet of other tags', '<a/>'.repeat(2_000_001), 'tags beside its cells'],
])('refuses %s', async (_name, rows, message) => {
  await expect(readSheet(rows)).rejects.toMatchObject(tooLarge(message));
});

it.each([
  ['rows in disorder', '<row r="7"/><row r="7"/>'],
  ['a row with no number', '<row r="x"/>'],
  ['a cell of another row', '<row r="1"><c r="A2"/></row>'],
  ['XML that is cut off', '<row><c>'],
  ['an entity of its own', rowXml(textCell('&boom;'))],
  ['a character that is none', rowXml(textCell('&#xd800;'))],
])('refuses %s as damaged', async (_name, rows) => {
  await expect(readSheet(rows)).rejects.toMatchObject({ ...REFUSED, message: /is damaged: / });
});

it('refuses texts that refer to each other before they multiply', async () => {
  const doctype = '<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>';
  const bytes = makeZip([
    { name: 'xl/workbook.xml', content: `${doctype}<workbook><sheets name="&b;"/></workbook>` },
  ]);
  await expect(readBytes(bytes)).rejects.toMatchObject(REFUSED);
});

it('keeps a long text once, and not for each of the cells that refer to it', async () => {
  const cells = '<c t="s"><v>0</v></c>'.repeat(300);
  const { rows } = await readSheet(rowXml(cells), { texts: `<si><t>${'x'.repeat(32_000)}</t></si>` });
  expect(rows[0]?.values.join('')).toHaveLength(64_000);
  expect(rows[0]?.refused?.at(0)?.why).toBe('makes the row longer than 65536 characters');
});

it.each([
  [2 ** 31, /the sheet "S" has more than 1024 MB/],
  [3, /is damaged/],
])('refuses a sheet that declares %d bytes and has others', async (size, message) => {
  await expect(
    readBytes(makeWorkbook({ sheets: [{ name: 'S', rows: HEADER_XML, size }] })),
  ).rejects.toMatchObject({ ...REFUSED, message: expect.stringMatching(message) });
});

it('refuses content that does not match its checksum', async () => {
  const content = '<worksheet><sheetData/></worksheet>';
  const bytes = makeZip([{ name: 'xl/workbook.xml', content, crc: 1 }]);
  await expect(readBytes(bytes)).rejects.toMatchObject({ ...REFUSED, message: /is damaged/ });
});

it('refuses a workbook with a part twice, and one that is cut off', async () => {
  const bytes = makeWorkbook({ sheets: [{ name: 'S', rows: '' }], more: [{ name: 'XL/workbook.xml' }] });
  await expect(readBytes(bytes)).rejects.toMatchObject({ ...REFUSED, message: /a part twice/ });
  await expect(readBytes(bytes.subarray(0, -30))).rejects.toMatchObject(REFUSED);
});
