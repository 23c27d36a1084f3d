/** What a table looks like to readers that are not ours, and what comes back when it is read again. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { openTableWriter, type ResultFormat } from '../../src/batch/table-writer.ts';
import { keepQuotes, quoteFormulas, unquoteFormulas } from '../../src/source/formula-quote.ts';
import { openSource } from '../../src/source/open-source.ts';

const OPTIONS = { encoding: 'utf-8', delimiter: ',' };
const CASES = fileURLToPath(new URL('../fixtures/outputs/', import.meta.url));
/** Also what a reader makes of a file that splits columns and lines elsewhere. */
const RUNS = /(^|[\r\n\v\f\u0085\u2028\u2029;\t|])["\s]*[=+\-@＝＋－＠]/;

async function write(table: readonly string[][], format: ResultFormat = 'csv'): Promise<Buffer> {
  const output = new PassThrough();
  const written = buffer(output);
  const [columns = [], ...rows] = table;
  const writer = openTableWriter(output, columns, format);
  for (const row of rows) await writer.write(row);
  await writer.end();
  return written;
}

async function read(content: Buffer, format: ResultFormat = 'csv'): Promise<string[][]> {
  const rows = [];
  for await (const { values } of openSource({ stream: Readable.from(content) }, { ...OPTIONS, format }))
    rows.push(values);
  return rows;
}

/** As Python's `csv` reads it. */
function readByPython(content: Buffer): string[][] {
  const program =
    'import csv,io,json,sys\ntext=io.TextIOWrapper(sys.stdin.buffer,encoding="utf-8-sig",newline="")\nprint(json.dumps(list(csv.reader(text))))';
  return JSON.parse(execFileSync('python3', ['-c', program], { input: content, encoding: 'utf8' }));
}

const readByPapa = (content: Buffer) =>
  Papa.parse<string[]>(content.toString('utf8').replace(/^\ufeff/, ''), {
    delimiter: ',',
    newline: '\r\n',
  }).data.filter((row) => row.length > 1);

/** A table as our files are: with a column of ours, so that what is read again is known to be ours. */
const marked = (rows: readonly string[][]) =>
  rows.map((row, index) => [...row, index === 0 ? 'onboard_row' : String(index)]);

const LINE_BREAKS = [
  ['name', 'note'],
  ['1 lone\nfeed', 'lone\rreturn'],
  ['2 both\r\n', ' led and trailed '],
  ['3 "quoted", and; split\t', "'"],
  ['4\u2028separator\u0085', ''],
];

it('holds each row once for readers that are not ours, whatever breaks lines in its cells', async () => {
  const table = marked(LINE_BREAKS);
  const content = await write(table);
  expect(readByPython(content)).toEqual(table);
  expect(readByPapa(content)).toEqual(table);
  expect(await read(content)).toEqual(table);
});

it.each(['excel-multiline.csv', 'dde.csv', '61-rt-good.csv'])(
  'gives the cells of %s back to every reader',
  async (name) => {
    const table = marked(
      parseCsv(await readFile(`${CASES}${name}`), { bom: true, relax_column_count: true }),
    );
    const content = await write(table);
    const quoted = table.map((row) => row.map(quoteFormulas));
    expect(readByPython(content)).toEqual(quoted);
    expect(readByPapa(content)).toEqual(quoted);
    expect(await read(content)).toEqual(table);
  },
);

it.each([
  '=1+1',
  '+86 571',
  '-',
  '@cmd',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  ' =1',
  '\t=1',
  '\tx',
  '\r=1',
  '"=1',
  '\u00a0=1',
  '\ufeff=1',
  'a\n=1',
  'a\r\n =1',
  'a;=1',
  'a;"=1',
  'a\t@x',
  'a|-1',
  'a\u2028=1',
  'a\nb,=1',
  "'=1",
  "''=1",
  "a;'=1",
])('quotes %j where a spreadsheet would run it, and takes exactly that off again', async (cell) => {
  const quoted = quoteFormulas(cell);
  expect(quoted).not.toMatch(RUNS);
  expect(quoted.length).toBeGreaterThan(cell.length);
  expect(await read(await write(marked([['note'], [cell]])))).toEqual(marked([['note'], [cell]]));
});

it.each(['a-b', 'a@customer.example', '1 Road, -05', "rock 'n' roll", "O'Brien", "'tis", 'a = b'])(
  'leaves %j as it is',
  (cell) => {
    expect(quoteFormulas(cell)).toBe(cell);
  },
);

it('takes only a quote at the beginning of a cell off a file that is not ours', async () => {
  const content = Buffer.from(`name,note\n'=Co,"a;'=1"\n`);
  expect(await read(content)).toEqual([
    ['name', 'note'],
    ['=Co', "a;'=1"],
  ]);
});

it('keeps two columns of one name, and one without a name, apart in NDJSON', async () => {
  const table = [
    ['Note', 'Note', '', '', 'Note_2', '__proto__', '7'],
    ['1', '2', '3', '4', '5', '6', '8'],
  ];
  expect(JSON.parse((await write(table, 'ndjson')).toString())).toEqual(
    JSON.parse('{"Note":"1","Note_3":"2","":"3","_2":"4","Note_2":"5","__proto__":"6","7":"8"}'),
  );
});

const SHARP = [
  '=',
  '+',
  '-',
  '@',
  '＝',
  '＠',
  "'",
  '"',
  ',',
  ';',
  '\t',
  '\r',
  '\n',
  ' ',
  '|',
  '\u2028',
  '\ufeff',
  'a',
];
const cellArbitrary = fc.oneof(
  fc.string({ unit: fc.constantFrom(...SHARP), maxLength: 8 }),
  // A zero behind a quote is refused: the parser would drop the quotes.
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replaceAll('\0', '')),
);

/** A byte order mark at the beginning of a line is what `cat` leaves between two files, in a cell too. */
const withoutMarks = (cell: string) => cell.replace(/(?<=[\r\n])\ufeff+/g, '');

it('gives every cell back as it was, quoted for whoever runs formulas', async () => {
  const rows = fc.array(fc.tuple(cellArbitrary, cellArbitrary), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(rows, async (cells) => {
      const table = marked([['a', 'b'], ...cells]);
      const content = await write(table);
      const byPapa = readByPapa(content);
      expect(byPapa).toEqual(table.map((row) => row.map(quoteFormulas)));
      for (const cell of byPapa.flat()) expect(cell).not.toMatch(RUNS);
      for (const cell of cells.flat()) expect(unquoteFormulas(keepQuotes(cell))).toBe(cell);
      expect(await read(content)).toEqual(table.map((row) => row.map(withoutMarks)));
      expect((await read(await write(table, 'ndjson'), 'ndjson')).slice(1)).toEqual(table.slice(1));
    }),
    { numRuns: 100 },
  );
});
