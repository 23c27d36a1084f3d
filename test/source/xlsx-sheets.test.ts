/** Which sheet is read, what else is told of it, and workbooks that others than Excel wrote. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  customerXml,
  HEADER_XML,
  makeWorkbook,
  readBytes,
  readSheet,
  rowXml,
  type SheetXml,
  textCell,
} from '../support/workbook.ts';
import { makeZip } from '../support/zip.ts';

const CUSTOMERS = { name: 'Customers', rows: HEADER_XML + customerXml(textCell('C1')) };
const NOTES = { name: 'Instructions', rows: rowXml(textCell('Fill in the next sheet')) };
const hidden = (sheet: SheetXml) => ({ ...sheet, state: 'hidden' });

const read = (sheets: SheetXml[], sheet?: string) => readBytes(makeWorkbook({ sheets }), { sheet });
const idsOf = async (reading: ReturnType<typeof read>) =>
  (await reading).rows.slice(1).map(({ values }) => values[0]);

it('skips sheets without our columns, and says so', async () => {
  const { rows, notes } = await read([NOTES, CUSTOMERS]);
  expect(rows).toHaveLength(2);
  expect(notes).toEqual(['read from the sheet "Customers", not read: "Instructions"']);
});

it('reads the only sheet without a word, whatever is in it', async () => {
  expect((await read([NOTES])).notes).toEqual([]);
});

it('finds a header below a title', async () => {
  const title = { name: 'Customers', rows: rowXml(textCell('Customers of 2026')) + CUSTOMERS.rows };
  expect((await read([NOTES, title])).rows).toHaveLength(3);
});

it.each(['hidden', 'veryHidden'])('refuses a workbook whose customers are on a %s sheet', async (state) => {
  await expect(read([NOTES, { ...CUSTOMERS, state }])).rejects.toMatchObject({
    code: 'INPUT_XLSX',
    message: 'No visible sheet has the columns of customers: "Instructions", "Customers" (hidden).',
  });
});

it('reads the sheet that a person names, a hidden one too, and says that it is', async () => {
  const { rows, notes } = await read([CUSTOMERS, hidden({ ...CUSTOMERS, name: 'Old' })], ' OLD ');
  expect(rows).toHaveLength(2);
  expect(notes).toEqual(['read from the sheet "Old" (hidden), not read: "Customers"']);
});

it('names the sheets if there is none of the name', async () => {
  await expect(read([CUSTOMERS, hidden(NOTES)], 'Custmers')).rejects.toMatchObject({
    message: 'There is no sheet "Custmers"; there are: "Customers", "Instructions" (hidden).',
  });
});

it('refuses --sheet for what has no sheets', async () => {
  await expect(readBytes(Buffer.from('a,b\n1,2\n'), { sheet: 'S' })).rejects.toMatchObject({ code: 'USAGE' });
});

it('tells hidden rows and columns, which are read like the others', async () => {
  const sheet = {
    name: 'Customers',
    before: '<cols><col min="3" max="4" hidden="1"/><col min="50" max="60" hidden="1"/></cols>',
    rows:
      HEADER_XML +
      customerXml(textCell('C1')) +
      customerXml(textCell('C2'), 'hidden="1"') +
      rowXml('', 'hidden="1"') +
      customerXml(textCell('C3'), 'hidden="true"'),
    after: '<autoFilter ref="A1:G9"/>',
  };
  expect(await idsOf(read([sheet]))).toEqual(['C1', 'C2', 'C3']);
  expect((await read([sheet])).notes).toEqual([
    '2 hidden rows (the sheet is filtered) and 2 hidden columns (C, D) are included.',
  ]);
});

describe('workbooks of others', () => {
  it.each([
    ['01-no-r.xlsx', 'C0200000001'],
    ['11-id-zeros-format.xlsx', '00001234'],
    ['20-hidden-first.xlsx', 'C0200000001'],
    ['28-xlsm.xlsm', 'C0200000001'],
    ['rare-han.xlsx', 'RARE1'],
  ])('reads %s', async (name, id) => {
    expect(await idsOf(readBytes(await readFile(`test/fixtures/xlsx/${name}`)))).toContain(id);
  });

  it('reads the strict variant, prefixes, UTF-16, and parts under other names', async () => {
    const strict = 'http://purl.oclc.org/ooxml';
    const relation = (kind: string, target: string) =>
      `<r:Relationships xmlns:r="${strict}/package"><r:Relationship Id="q" Type="${strict}/officeDocument/relationships/${kind}" Target="${target}"/></r:Relationships>`;
    const sheet = `<x:worksheet xmlns:x="${strict}/spreadsheetml/main" xmlns:y="y"><x:sheetData><y:row><x:c><x:v>no</x:v></x:c></y:row><x:row><x:c t="inlineStr"><x:is><x:t>Größe 東</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`;
    const bytes = makeZip([
      { name: '_rels\\.rels', content: relation('officeDocument', '/Book/Main.xml') },
      { name: 'book/_rels/main.xml.rels', content: relation('worksheet', '..\\sheets\\One.xml') },
      {
        name: '/book/main.xml',
        content: `<x:workbook xmlns:x="x" xmlns:z="z"><x:sheets><x:sheet name="S" z:id="q"/></x:sheets></x:workbook>`,
      },
      { name: 'Sheets/one.xml', content: Buffer.from(`\ufeff${sheet}`, 'utf16le') },
    ]);
    expect((await readBytes(bytes)).rows.map(({ values }) => values)).toEqual([['Größe 東']]);
  });

  it('skips rows and cells that are only formatted', async () => {
    const { rows } = await readSheet(
      rowXml(textCell('a')) + rowXml('<c s="1"/><c s="1"/>') + rowXml('<c s="1"/>') + rowXml(textCell('b')),
    );
    expect(rows).toEqual([
      { line: 1, values: ['a'] },
      { line: 4, values: ['b'] },
    ]);
  });
});
