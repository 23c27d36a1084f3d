/** Workbooks that we write: every cell is text, for us and for a reader that is not ours. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openOutputFile } from '../../src/batch/output-file.ts';
import { resultFormatOf } from '../../src/batch/result-format.ts';
import { openTableWriter } from '../../src/batch/table-writer.ts';
import { SECOND_READER, whyNoSecondReader } from '../support/second-reader.ts';
import { readBytes } from '../support/workbook.ts';

async function write(header: readonly string[], rows: readonly string[][]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  const table = openTableWriter(output, header, 'xlsx');
  for (const row of rows) await table.write(row);
  await table.end();
  return Buffer.concat(chunks);
}

const ROW = [
  '007',
  '=1+1',
  '+1',
  '@x',
  '293483938841234567',
  '2026-01-02',
  'TRUE',
  ' x ',
  'a\nb',
  '𠮷<&>"',
  '',
];

it('reads what it wrote, whatever is in the cells', async () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('_x000D_', '\r\n', '\ud800', '\0'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), async (rows) => {
      const { rows: read } = await readBytes(await write(['a', 'b'], rows));
      const full = rows.filter(([a, b]) => a !== '' || b !== '');
      expect(read.slice(1).map(({ values }) => [values[0] ?? '', values[1] ?? ''])).toEqual(full);
      expect(read.every(({ refused }) => refused === undefined)).toBe(true);
    }),
    { numRuns: 15 },
  );
});

it.skipIf(SECOND_READER === undefined)(
  `is text for openpyxl, with the header in view${whyNoSecondReader}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onboard-xlsx-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'x.xlsx');
    const file = await openOutputFile(path);
    const table = openTableWriter(
      file.stream,
      ROW.map((_, index) => `c${index}`),
      'xlsx',
    );
    await table.write(ROW);
    await table.end();
    await file.publish();
    const script = `
import json, openpyxl, sys
sheet = openpyxl.load_workbook(sys.argv[1]).active
cells = [[(c.value, c.data_type, c.number_format) for c in row] for row in sheet.iter_rows()]
print(json.dumps([sheet.freeze_panes, cells[1]]))`;
    const { stdout, stderr } = spawnSync(SECOND_READER ?? '', ['-c', script, path], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const [frozen, cells] = JSON.parse(stdout);
    expect(frozen).toBe('A2');
    expect(cells.map(([value]: string[]) => value ?? '')).toEqual(ROW);
    expect(
      cells.every(([value, type, format]: string[]) => format === '@' && (type === 's' || value === null)),
    ).toBe(true);
    expect((await readFile(path)).subarray(0, 2).toString()).toBe('PK');
  },
);

it('refuses what a sheet cannot hold', async () => {
  const refusal = { code: 'OUTPUT_UNWRITABLE', hint: 'Use --format csv, which has no such limit.' };
  await expect(write(['a'], [['x'.repeat(32_768)]])).rejects.toMatchObject(refusal);
  await expect(write(Array(16_385).fill('a'), [])).rejects.toMatchObject(refusal);
});

it.each([
  ['failed.xlsx', 'xlsx'],
  ['out/FAILED.XLSX', 'xlsx'],
  ['failed.ndjson', 'ndjson'],
  ['failed.csv', 'csv'],
  ['failed', 'csv'],
  [undefined, 'csv'],
])('writes %s as %s', (path, format) => {
  expect(resultFormatOf(path)).toBe(format);
});
