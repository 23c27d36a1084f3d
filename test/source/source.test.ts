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
  for await (const row of openSource({ path }, { encoding: 'utf-8', ...options })) rows.push(row);
  return rows;
}

it('numbers records by the line where they begin, past quoted line breaks and empty lines', async () => {
  const rows = await read('\ufeffa,b\r\n"x\r\ny",1\r\n\r\n"q ""z""",2\r\n');
  expect(rows.map(({ values }) => values)).toEqual([
    ['a', 'b'],
    ['x\r\ny', '1'],
    ['q "z"', '2'],
  ]);
  expect(rows.map(({ line }) => line)).toEqual([1, 2, 5]);
});

it('reads GB18030 when it is told so', async () => {
  const bytes = Buffer.concat([
    Buffer.from('name\n'),
    Buffer.from([0xb2, 0xe2, 0xca, 0xd4]),
    Buffer.from('\n'),
  ]);
  expect((await read(bytes, { encoding: 'gb18030' }))[1]?.values).toEqual(['测试']);
});

it('refuses GB18030 that is read as UTF-8', async () => {
  await expect(read(Buffer.from([0x61, 0x0a, 0xb2, 0xe2, 0xca, 0xd4]))).rejects.toMatchObject({
    code: 'INPUT_ENCODING',
  });
});

it('reports an unclosed quote at the line where it was opened', async () => {
  const text = `a,b\n1,2\n3,"open\n${'x,y\n'.repeat(50_000)}`;
  await expect(read(text)).rejects.toMatchObject({
    code: 'INPUT_QUOTE',
    message: expect.stringContaining('Line 3'),
  });
});

it('reports a missing file by name', async () => {
  const rows = openSource({ path: '/nowhere/x.csv' }, { encoding: 'utf-8', delimiter: ',' });
  await expect(rows.next()).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
});

it('treats an unknown encoding as a mistake of usage', async () => {
  await expect(read('a', { encoding: 'klingon' })).rejects.toMatchObject({ code: 'USAGE' });
});

it('reads a stream without a format as CSV, and closes it', async () => {
  const stream = Readable.from([Buffer.from('a,b\n1,2\n')]);
  const rows = [];
  for await (const row of openSource({ stream }, { encoding: 'utf-8', delimiter: ',' })) rows.push(row);
  expect(rows.map(({ values }) => values)).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
  expect(stream.destroyed).toBe(true);
});

it.each(SOURCE_FORMATS)(
  'takes a stream of %s that breaks off for an error, not for an end',
  async (format) => {
    const stream = Readable.from(breakingOff());
    const rows = openSource({ stream }, { format, encoding: 'utf-8', delimiter: ',' });
    await expect(drain(rows)).rejects.toThrow('broke off');
  },
);

it.each([
  ['customers.CSV', 'csv'],
  ['folder.xlsx/customers', 'csv'],
  ['customers.jsonl', 'ndjson'],
  ['customers.xlsx', 'xlsx'],
])('tells from the name %s that the format is %s', (path, format) => {
  expect(formatOf(path)).toBe(format);
});

async function* breakingOff() {
  yield Buffer.from('{}\n');
  throw new Error('broke off');
}

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _row of rows);
}
