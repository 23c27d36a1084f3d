/** Text files that real people had trouble with, from their bytes to customers. */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { AgreementFolder } from '../../src/agreement/folder.ts';
import { inputOf, type SourceOrder } from '../../src/batch/source-order.ts';
import { validateSource } from '../../src/batch/validate-source.ts';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';

/** Every agreement is there. */
const folder = {
  check: async () => ({ sha256: '0'.repeat(64), warnings: [] }),
} as unknown as AgreementFolder;

async function check(order: Omit<SourceOrder, 'agreements'>) {
  const notes: string[] = [];
  const fields: string[][] = [];
  const onRecognised = (more: string[]) => notes.push(...more);
  const input = { ...inputOf({ ...order, agreements: '', onRecognised }), folder };
  const good: Parameters<typeof validateSource>[1]['good'] = async (rows) => {
    fields.push(...rows.map((row) => row.input.fields));
  };
  const { bad, rows } = await validateSource(input, { good, bad: () => undefined });
  return { rows, bad, notes, names: fields.map((row) => row[INPUT_FIELDS.indexOf('CustName')]) };
}

const checkFile = (name: string, options: Partial<SourceOrder> = {}) =>
  check({ from: { path: join('test/fixtures/text-cases', name) }, ...options });

it.each([
  ['04-sep-line.csv', ['Acme'], ['semicolon-separated']],
  ['14-commas-rows.csv', ['Acme Ltd'], []],
  ['17-crlf-header-lf-rows.csv', new Array(4).fill('Acme Ltd'), []],
  ['01-utf16le-unicode-text.txt', ['Société Générale'], ['read as UTF-16 LE, tab-separated']],
  ['21-utf8-cjk.csv', ['杭州青松网络科技有限公司'], []],
  ['28-u2028.ndjson', ['Acme'], []],
  ['nd_ctor.ndjson', new Array(3).fill('Merlion'), []],
])('reads %s, and says how', async (file, names, notes) => {
  expect(await checkFile(file)).toEqual({ rows: names.length, bad: 0, names, notes });
});

it.each([
  [
    '19b-windows1252.csv',
    undefined,
    'Line 2 is not UTF-8; it looks like windows-1252, in which it says "Müller Söhne GmbH".',
  ],
  ['21-utf8-cjk.csv', 'gb18030', 'The file is UTF-8, not gb18030.'],
  ['nd_surr.ndjson', undefined, 'Line 1 has a value for "CustName" that holds half a character'],
])('refuses %s with --encoding %s by name', async (file, encoding, message) => {
  await expect(checkFile(file, encoding === undefined ? {} : { encoding })).rejects.toThrow(message);
});

it('says in one line how a sheet saved as Unicode text was read, with a title and names of its own', async () => {
  const lines = [
    '客户名单 2026\t\t\t\t\t\t\t',
    '客户ID\t甲方\t公司地址\t联系邮箱\t国家\t业务描述\t协议文件\t备注',
    '007\t青松\t杭州\ta@customer.example\tCN\t订单\ta.pdf\t',
    '\t\t\t\t\t\t\t',
  ];
  const bytes = Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf16le');
  const from = { stream: Readable.from([bytes]), name: 'standard input' };
  const { notes, ...checked } = await check({ from, map: { CustName: '甲方' } });
  expect(checked).toEqual({ rows: 1, bad: 0, names: ['青松'] });
  expect(notes.slice(0, 4)).toEqual([
    'read as UTF-16 LE, tab-separated',
    'header on line 2',
    '客户ID -> CustSpaceId',
    '甲方 -> CustName',
  ]);
});
