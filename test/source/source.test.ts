import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { formatOf, SOURCE_FORMATS } from '../../src/source/detect.ts';
import { openSource } from '../../src/source/open-source.ts';
import type { TextOptions } from '../../src/source/row.ts';

async function read(content: string | Buffer, options: Partial<TextOptions> = {}, name = 'file.csv') {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-csv-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  const rows = [];
  for await (const row of openSource({ path }, { encoding: 'utf-8', delimiter: ',', ...options }))
    rows.push(row);
  return rows;
}

it('lines, with quoted line breaks and empty lines, are those where records begin', async () => {
  const rows = await read('\ufeffa,b\r\n"x\r\ny",1\r\n\r\n"q ""z""",2\r\n');
  expect(rows.map(({ values }) => values)).toEqual([
    ['a', 'b'],
    ['x\r\ny', '1'],
    ['q "z"', '2'],
  ]);
  expect(rows.map(({ line }) => line)).toEqual([1, 2, 5]);
});

it('GB18030, with its name given, is read', async () => {
  const bytes = Buffer.concat([
    Buffer.from('name\n'),
    Buffer.from([0xb2, 0xe2, 0xca, 0xd4]),
    Buffer.from('\n'),
  ]);
  expect((await read(bytes, { encoding: 'gb18030' }))[1]?.values).toEqual(['测试']);
});

it('GB18030, read as UTF-8, is refused with a hint', async () => {
  await expect(read(Buffer.from([0x61, 0x0a, 0xb2, 0xe2, 0xca, 0xd4]))).rejects.toMatchObject({
    code: 'INPUT_ENCODING',
  });
});

it('an unclosed quote, is reported where it was opened', async () => {
  const text = `a,b\n1,2\n3,"open\n${'x,y\n'.repeat(50_000)}`;
  await expect(read(text)).rejects.toMatchObject({
    code: 'INPUT_QUOTE',
    message: expect.stringContaining('Line 3'),
  });
});

it('a missing file, is reported by name', async () => {
  const rows = openSource({ path: '/nowhere/x.csv' }, { encoding: 'utf-8', delimiter: ',' });
  await expect(rows.next()).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
});

it('an unknown encoding, is a usage error', async () => {
  await expect(read('a', { encoding: 'klingon' })).rejects.toMatchObject({ code: 'USAGE' });
});

it('a stream, whose format is not given, is read as CSV and closed', async () => {
  const stream = Readable.from([Buffer.from('a,b\n1,2\n')]);
  const rows = [];
  for await (const row of openSource({ stream }, { encoding: 'utf-8', delimiter: ',' })) rows.push(row);
  expect(rows.map(({ values }) => values)).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
  expect(stream.destroyed).toBe(true);
});

it.each(SOURCE_FORMATS)('a stream of %s that breaks off is an error, not an end', async (format) => {
  const stream = Readable.from(breakingOff());
  const rows = openSource({ stream }, { format, encoding: 'utf-8', delimiter: ',' });
  await expect(drain(rows)).rejects.toThrow('broke off');
});

it.each([
  ['customers.CSV', 'csv'],
  ['folder.xlsx/customers', 'csv'],
  ['customers.jsonl', 'ndjson'],
  ['customers.xlsx', 'xlsx'],
])('the format of %s is %s', (path, format) => {
  expect(formatOf(path)).toBe(format);
});

async function* breakingOff() {
  yield Buffer.from('{}\n');
  throw new Error('broke off');
}

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _row of rows);
}
