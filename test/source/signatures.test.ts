/** Formats that people give and that are not read: named by their first bytes, with what to save instead. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { SourceFormat } from '../../src/source/detect.ts';
import { readBytes } from '../support/workbook.ts';
import { makeZip } from '../support/zip.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const compound = (name: string) =>
  Buffer.concat([hex('d0cf11e0a1b11ae1'), Buffer.alloc(600), Buffer.from(name, 'utf16le')]);

it.each<[name: string, bytes: Buffer, what: string | RegExp]>([
  ['xls', compound('Workbook'), 'an Excel 97-2003 workbook (.xls)'],
  ['xls, unclear', compound(''), 'an Excel 97-2003 workbook (.xls), or one with a password'],
  ['xlsx with a password', compound('EncryptedPackage'), 'a workbook with a password'],
  ['doc', compound('WordDocument'), 'an old Word document (.doc)'],
  ['Excel 4', hex('09040600000010000000'), 'an old Excel workbook (.xls)'],
  ['xlsb', makeZip([{ name: 'xl/workbook.bin' }]), 'a binary Excel workbook (.xlsb)'],
  ['ods', makeZip([{ name: 'mimetype' }, { name: 'content.xml' }]), 'an OpenDocument spreadsheet (.ods)'],
  ['Numbers', makeZip([{ name: 'Index/Document.iwa' }]), 'a document of Apple Numbers'],
  ['docx', makeZip([{ name: 'word/document.xml' }]), 'a Word document'],
  ['PDFs', makeZip([{ name: 'signed/a.pdf' }]), 'a zip archive of PDFs'],
  ['zip', makeZip([{ name: 'customers.csv' }]), 'a zip archive, not a workbook'],
  ['pdf', Buffer.from('%PDF-1.7\n'), 'a PDF'],
  ['gzip', hex('1f8b0800'), 'compressed with gzip'],
  ['7z', hex('377abcaf271c'), 'a 7z or RAR archive'],
  ['png', hex('89504e470d0a1a0a'), 'a picture'],
  ['a page', Buffer.from('\ufeff \n<html><table>'), 'a web page or other XML'],
  [
    'Excel 2003',
    Buffer.from('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>'),
    'an Excel 2003 workbook in XML',
  ],
  ['JSON', Buffer.from('\n [\n {"CustSpaceId":"1"}]'), 'a JSON array'],
  ['JSON in UTF-16', Buffer.from('\ufeff[{}]', 'utf16le'), 'a JSON array'],
])('names %s', async (_name, bytes, what) => {
  for (const format of [undefined, 'xlsx', 'ndjson'] as (SourceFormat | undefined)[])
    if (format !== 'ndjson' || bytes[0] !== 0x50)
      await expect(readBytes(bytes, { format })).rejects.toMatchObject({
        code: 'INPUT_FORMAT',
        message: `The file is ${what}.`,
        hint: expect.stringMatching(/^[A-Z].+\.$/),
      });
});

it('names the JSON array of the cases', async () => {
  await expect(readBytes(await readFile('test/fixtures/xlsx/27-array.json'))).rejects.toMatchObject({
    hint: 'Write one object per line: jq -c ".[]" FILE.json > FILE.ndjson.',
  });
});

it('tells NDJSON and workbooks without their names, and leaves brackets in CSV alone', async () => {
  expect((await readBytes(Buffer.from('{"a":"1"}\n'))).rows.at(-1)?.values).toEqual(['1']);
  expect((await readBytes(Buffer.from('[a],b\n1,2\n'))).rows.at(-1)?.values).toEqual(['1', '2']);
  expect((await readBytes(Buffer.from('[{],b\n1,2\n'), { format: 'csv' })).rows).toHaveLength(2);
  const workbook = await readFile('test/fixtures/xlsx/28-xlsm.xlsm');
  expect((await readBytes(workbook)).rows).toHaveLength(2);
  await expect(readBytes(workbook, { format: 'csv' })).rejects.toMatchObject({ code: 'INPUT_FORMAT' });
});

it.each([
  ['', 'it is empty'],
  ['a,b\n', 'it does not begin as one'],
])('refuses %j that only calls itself a workbook', async (text, why) => {
  await expect(readBytes(Buffer.from(text), { format: 'xlsx' })).rejects.toMatchObject({
    code: 'INPUT_XLSX',
    message: `The file is not an XLSX workbook: ${why}.`,
  });
});
