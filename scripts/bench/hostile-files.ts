/** Files that are large, or small and made to be large once they are read. Each is written as it is needed. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { writeCustomers } from './stage.ts';
import { writeWorkbook } from './zip-bomb.ts';

const MIB = 1024 * 1024;
const HEADER = `${INPUT_FIELDS.join(',')}\n`;
const ROW = 'C1,Company,1 Road,a@customer.example,SG,Orders,shared.pdf\n';
const MANY_COLUMNS = 100_000;

export interface HostileFile {
  name: string;
  /** Also measured as an import: all others are refused by the check alone. */
  isGood?: true;
  /** @returns the path of the file */
  write(folder: string): Promise<string>;
}

const text = (name: string, extension: string, pieces: () => Iterable<string>): HostileFile => ({
  name,
  async write(folder) {
    const path = join(folder, `hostile.${extension}`);
    await pipeline(Readable.from(pieces()), createWriteStream(path));
    return path;
  },
});

const workbook = (
  name: string,
  sheet: () => Iterable<string>,
  strings?: () => Iterable<string>,
): HostileFile => ({
  name,
  async write(folder) {
    const path = join(folder, 'hostile.xlsx');
    await writeWorkbook(path, sheet(), strings?.());
    return path;
  },
});

/** So many MiB of a text, after a beginning. */
function* filled(before: string, text: string, mib: number, after = ''): Generator<string> {
  yield before;
  const piece = text.repeat(Math.ceil(MIB / text.length));
  for (let count = 0; count < mib; count++) yield piece;
  yield after;
}

function* times(count: number, pieceOf: (index: number) => string): Generator<string> {
  for (let index = 0; index < count; index++) yield pieceOf(index);
}

const inline = (cells: readonly string[]) =>
  `<row>${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;

function* customersSheet(rows: number): Generator<string> {
  yield inline(INPUT_FIELDS);
  const more = ['Company', '1 Road', 'a@customer.example', 'SG', 'Orders', 'shared.pdf'];
  yield* times(rows, (index) => inline([`C${index}`, ...more]));
}

const record = (id: string) =>
  JSON.stringify(
    Object.fromEntries(INPUT_FIELDS.map((field) => [field, field === 'CustSpaceId' ? id : 'x'])),
  );

/** @param rows of the largest good file */
export const hostileFiles = (rows: number): HostileFile[] => [
  { name: `CSV of ${rows} customers`, isGood: true, write: (folder) => writeCustomers(folder, rows) },
  text('CSV: one line of 200 MiB', 'csv', () => filled('', 'x', 200)),
  text('CSV: a second line of 200 MiB', 'csv', () => filled(HEADER, 'x', 200)),
  text('CSV: 100 MiB of commas', 'csv', () => filled(HEADER, ',', 100)),
  text('CSV: 100 MiB of lines of commas', 'csv', () => filled(HEADER, ',,,,,,\n', 100)),
  text('CSV: 100 MiB of empty lines', 'csv', () => filled(HEADER, '\n', 100)),
  text('CSV: a quote that is never closed', 'csv', () => filled(`${HEADER}"`, 'x\n', 200)),
  text('CSV: a quoted field of 200 MiB', 'csv', () => filled(`${HEADER}"`, 'x""\n', 200, '"\n')),
  text(`CSV: a header of ${MANY_COLUMNS} columns`, 'csv', () => [`${'column,'.repeat(MANY_COLUMNS)}\n`]),
  text(`CSV: rows of ${MANY_COLUMNS} columns`, 'csv', function* () {
    yield HEADER;
    yield* times(200, () => `${ROW.trim()}${','.repeat(MANY_COLUMNS)}\n`);
  }),
  text('CSV: a million rows with seven mistakes each', 'csv', function* () {
    yield HEADER;
    yield* times(1_000_000, () => '=,,,,,,nowhere\n');
  }),
  text('NDJSON: one line of 200 MiB', 'ndjson', () => filled('{"CustSpaceId":"', 'x', 200, '"}\n')),
  text('NDJSON: 100 MiB of brackets', 'ndjson', () => filled('{"CustSpaceId":', '[', 100)),
  text('NDJSON: an object of 100 MiB of keys', 'ndjson', function* () {
    yield '{';
    yield* times(5_000_000, (index) => `"k${index}":"x",`);
    yield '"z":""}\n';
  }),
  text('NDJSON: a million records', 'ndjson', () => times(1_000_000, (index) => `${record(`C${index}`)}\n`)),
  workbook('XLSX: rows of 1 GiB', () => filled(inline(INPUT_FIELDS), inline(['x']), 1024)),
  workbook(
    'XLSX: 1 GiB of shared strings',
    () => [inline(INPUT_FIELDS)],
    () => filled('', '<si><t>x</t></si>', 1024),
  ),
  workbook('XLSX: one cell of 1 GiB', () =>
    filled('<row><c t="inlineStr"><is><t>', 'x', 1024, '</t></is></c></row>'),
  ),
  workbook('XLSX: a cell in the last column of the last row', () => [
    '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
  ]),
  workbook('XLSX of 150000 customers', () => customersSheet(150_000)),
];
