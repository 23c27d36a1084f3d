/** What the bytes of a text file say about its encoding. */
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { byteByByte, readBytes } from '../support/source.ts';

const HEADER = 'CustSpaceId,CustName,OfficeAddress\r\n';
const TEXT = `${HEADER}C1,Société 杭州 😀,ÿĀ一\r\n`;
const CELLS = ['C1', 'Société 杭州 😀', 'ÿĀ一'];

it.each([
  ['utf-16le', true, 'read as UTF-16 LE'],
  ['utf-16be', true, 'read as UTF-16 BE'],
  ['utf-32le', true, 'read as UTF-32 LE'],
  ['utf-32be', true, 'read as UTF-32 BE'],
  ['utf-16le', false, 'read as UTF-16 LE'],
  ['utf-16be', false, 'read as UTF-16 BE'],
  ['utf-32le', false, 'read as UTF-32 LE'],
  ['utf-32be', false, 'read as UTF-32 BE'],
  ['gb18030', true, 'read as gb18030'],
  ['utf-8', true, undefined],
  ['utf-8', false, undefined],
])('reads %s, with a byte order mark: %s', async (encoding, addBOM, note) => {
  const bytes = iconv.encode(addBOM ? `\ufeff${TEXT}` : TEXT, encoding, { addBOM: false });
  for (const pieces of [[bytes], byteByByte(bytes)]) {
    const { rows, notes } = await readBytes(pieces);
    expect(rows[1]?.values).toEqual(CELLS);
    expect(rows[0]?.values[0]).toBe('CustSpaceId');
    expect(notes).toEqual(note === undefined ? [] : [note]);
  }
});

/** As short as a cell may be: the shorter, the harder. */
const NAMES: [encoding: string, ...names: string[]][] = [
  ['gb18030', '杭州青松网络科技有限公司', '上海浦东新区', '北京', '合同.pdf', '深圳市南山区'],
  ['big5', '台灣積體電路製造股份有限公司', '臺北市信義區', '香港上海匯豐銀行有限公司', '合約'],
  ['shift_jis', '株式会社トヨタ自動車', '東京都港区芝公園', 'ソニーグループ株式会社'],
  ['euc-kr', '삼성전자 주식회사', '서울특별시 강남구', '계약서', '현대자동차'],
  ['windows-1252', 'Müller Söhne GmbH', 'Société Générale', 'São Paulo Comércio Ltda', 'Café’s “Best” – €'],
];

describe.each(NAMES)('text in %s', (encoding, ...names) => {
  it.each(names)('is refused, and named with a sample: %s', async (name) => {
    const bytes = iconv.encode(`${HEADER}C1,${name},1 Road\r\n`, encoding);
    await expect(readBytes(bytes)).rejects.toMatchObject({
      code: 'INPUT_ENCODING',
      message: `Line 2 is not UTF-8; it looks like ${encoding}, in which it says "${name}".`,
      hint: expect.stringContaining(`give --encoding ${encoding};`),
    });
    expect((await readBytes(bytes, { encoding })).rows[1]?.values[1]).toBe(name);
  });
});

it.each([
  ['gb18030', TEXT],
  ['windows-1252', `${HEADER}C1,Müller,x\r\n`],
  ['utf-16', TEXT],
  ['shift_jis', `${HEADER}${'C1,x,1 Road\r\n'.repeat(8_000)}C2,杭州,1 Road\r\n`],
])('refuses UTF-8 that is to be read as %s', async (encoding, text) => {
  const refusal = { code: 'INPUT_ENCODING', message: expect.stringContaining('The file is UTF-8, not') };
  await expect(readBytes(text, { encoding })).rejects.toMatchObject(refusal);
});

it('believes a byte order mark more than what is said, and takes utf-16 for either', async () => {
  const bytes = iconv.encode(TEXT, 'utf-16be', { addBOM: true });
  expect((await readBytes(bytes, { encoding: 'utf-16' })).rows[1]?.values).toEqual(CELLS);
  await expect(readBytes(bytes, { encoding: 'gb18030' })).rejects.toMatchObject({
    message: 'The file is UTF-16 BE: it begins with the byte order mark of UTF-16 BE.',
    hint: 'Leave out --encoding.',
  });
});

it('names the line of the first bytes that are wrong, wherever they are', async () => {
  const filling = 'C1,x,1 Road\r\n'.repeat(20_000);
  const bytes = iconv.encode(`${HEADER}${filling}C2,上海浦东新区,x\r\n`, 'gb18030');
  await expect(readBytes(bytes)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Line 20002 is not UTF-8; it looks like gb18030, in which it says "上海浦东新区"/,
    ),
  });
});

it('gives no encoding for a file that mixes them or is damaged, because none is right', async () => {
  const other = iconv.encode('C2,杭州,x\r\n', 'gb18030');
  for (const [line, bytes] of [
    [3, Buffer.concat([Buffer.from(TEXT), other])],
    [2, Buffer.concat([Buffer.from(HEADER), Buffer.from([0xe6]), Buffer.from(TEXT)])],
  ] as const)
    await expect(readBytes(bytes)).rejects.toMatchObject({
      message: `Line ${line} is not UTF-8, though other text is: the file mixes encodings or is damaged.`,
    });
});

it('says where a file was cut off', async () => {
  const bytes = Buffer.from(`${HEADER}C1,杭州`).subarray(0, -1);
  await expect(readBytes(bytes)).rejects.toMatchObject({
    message: 'The file ends in the middle of a character, on line 2.',
  });
});

it.each([
  ['half a character in UTF-16', Buffer.from('\ud800,b\n', 'utf16le'), 'utf-16le'],
  ['a code beyond Unicode in UTF-32', Buffer.from([0, 0, 0x11, 0, 0x0a, 0, 0, 0]), 'utf-32le'],
  ['half a character in UTF-32', Buffer.from([0, 0xd8, 0, 0, 0x0a, 0, 0, 0]), 'utf-32le'],
])('refuses %s', async (_name, bytes, encoding) => {
  await expect(readBytes(bytes, { encoding })).rejects.toMatchObject({ code: 'INPUT_ENCODING' });
});
