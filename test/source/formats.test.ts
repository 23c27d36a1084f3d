/** The same customers, as Excel on Chinese Windows exports them and in the other formats, are the same rows. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it, onTestFinished } from 'vitest';
import writeXlsx from 'write-excel-file/node';
import { openAgreementFolder } from '../../src/agreement/folder.ts';
import type { SpooledRow } from '../../src/batch/spool.ts';
import { validateSource } from '../../src/batch/validate-source.ts';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { openSource } from '../../src/source/open-source.ts';
import { makePdf } from '../support/pdf.ts';

const ROWS = [
  [
    '007',
    '杭州青松网络科技有限公司',
    '浙江省杭州市\r\n西湖区',
    'a@customer.example',
    'CN',
    '订单, "通知"',
    'a.pdf',
    '备注',
  ],
  ['0000123456789012345678', 'Müller', 'Königstraße 28', 'b@customer.example', 'DE', '=SUM(1)', 'a.pdf', ''],
];
const HEADER = [...INPUT_FIELDS, '备注'];

async function makeFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-formats-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a.pdf'), makePdf(['a']));
  return folder;
}

async function read(folder: string, name: string, encoding = 'utf-8'): Promise<SpooledRow[]> {
  const rows: SpooledRow[] = [];
  const source = openSource({ path: join(folder, name) }, { encoding, delimiter: ',' });
  const sinks = { good: async (good: SpooledRow[]) => void rows.push(...good), bad: async () => undefined };
  const summary = await validateSource({ source, folder: await openAgreementFolder(folder) }, sinks);
  expect(summary).toMatchObject({ bad: 0, good: ROWS.length });
  return rows;
}

it('reads the same batch from GB18030 with quoted line breaks and trailing commas, from XLSX and from NDJSON', async () => {
  const folder = await makeFolder();
  const quoted = (values: string[]) =>
    `${values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')},,`;
  const csv = `${[HEADER, ...ROWS].map(quoted).join('\r\n')}\r\n`;
  await writeFile(
    join(folder, 'excel.csv'),
    iconv.encode(csv.replaceAll('ö', 'o').replaceAll('ß', 's').replaceAll('ü', 'u'), 'gb18030'),
  );
  const plain = ROWS.map((row) =>
    row.map((value) => value.replaceAll('ö', 'o').replaceAll('ß', 's').replaceAll('ü', 'u')),
  );
  await writeXlsx(
    [HEADER, ...plain].map((row) => row.map((value) => ({ value, type: String }))),
    {},
  ).toFile(join(folder, 'rows.xlsx'));
  const records = plain.map((row) =>
    JSON.stringify(Object.fromEntries(row.map((value, index) => [HEADER[index], value]))),
  );
  await writeFile(join(folder, 'rows.ndjson'), records.join('\n'));

  const all = [
    await read(folder, 'excel.csv', 'gb18030'),
    await read(folder, 'rows.xlsx'),
    await read(folder, 'rows.ndjson'),
  ];
  const [first = []] = all;
  for (const rows of all)
    expect(rows.map(({ row, custSpaceId, fingerprint }) => [row, custSpaceId, fingerprint])).toEqual(
      first.map(({ row, custSpaceId, fingerprint }) => [row, custSpaceId, fingerprint]),
    );
  expect(first.map(({ custSpaceId }) => custSpaceId)).toEqual(['007', '0000123456789012345678']);
  expect(all.map((rows) => rows.map(({ input }) => input.line))).toEqual([
    [2, 4],
    [2, 3],
    [1, 2],
  ]);
  for (const rows of all) expect(rows[0]?.input.rest?.[0]).toBe('备注');
});

describe('NDJSON', () => {
  it.each([
    ['{"CustSpaceId":"1"}\n{"CustSpaceId":', /Line 2 is not one JSON object/],
    ['{"CustSpaceId":7}', /Line 1 has a value for "CustSpaceId" that is not text/],
    ['{"CustSpaceId":"1"}\n{"Other":"2"}', /Line 2: the key "Other" is not in the first object/],
  ])('refuses %j and names the line', async (content, message) => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'x.ndjson'), content);
    const rows = openSource({ path: join(folder, 'x.ndjson') }, { encoding: 'utf-8', delimiter: ',' });
    await expect(drain(rows)).rejects.toMatchObject({
      code: 'INPUT_JSON',
      message: expect.stringMatching(message),
    });
  });

  async function drain(rows: AsyncIterable<unknown>): Promise<void> {
    for await (const _row of rows);
  }
});

it('refuses a file that only calls itself XLSX', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'x.xlsx'), 'no zip');
  const rows = openSource({ path: join(folder, 'x.xlsx') }, { encoding: 'utf-8', delimiter: ',' });
  await expect(rows.next()).rejects.toMatchObject({ code: 'INPUT_XLSX' });
});
