/** Agreements from a zip archive, good and hostile, and from what is neither a folder nor a zip. */
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { openAgreements } from '../../src/agreement/open-agreements.ts';
import { sha256Of } from '../../src/agreement/store.ts';
import { makePdf } from '../support/pdf.ts';
import { makeZip, type ZipPart } from '../support/zip.ts';

const PDF = makePdf(['a']);
const A = { name: 'a.pdf', content: PDF };
/** A temporary folder of this file alone: others unpack at the same time. */
beforeAll(async () => {
  vi.stubEnv('TMPDIR', await mkdtemp(join(tmpdir(), 'onboard-test-')));
});
afterAll(() => rm(tmpdir(), { recursive: true }));

const unpacked = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('onboard-agreements-'));

async function makeFile(content: Buffer | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-zip-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'x.zip'), content);
  return join(folder, 'x.zip');
}

async function openZipOf(parts: ZipPart[]) {
  const remarks: string[] = [];
  const folder = await openAgreements(await makeFile(makeZip(parts)), (remark) => remarks.push(remark));
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return { folder, remarks };
}

it('finds agreements in a zip, and leaves nothing behind', async () => {
  const before = await unpacked();
  const path = await makeFile(makeZip([A, { name: 'sub/' }, { name: 'sub\\b.pdf', content: PDF }]));
  const folder = await openAgreements(path);
  const [own = ''] = (await unpacked()).filter((name) => !before.includes(name));
  expect((await stat(join(tmpdir(), own))).mode & 0o777).toBe(0o700);
  expect((await stat(join(tmpdir(), own, 'a.pdf'))).mode & 0o777).toBe(0o600);
  for (const name of ['a.pdf', 'sub/b.pdf'])
    expect(await folder.check(name)).toMatchObject({ sha256: sha256Of(PDF) });
  await folder[Symbol.asyncDispose]();
  expect(await unpacked()).not.toContain(own);
});

it('looks into the only folder of a zip, past what macOS adds', async () => {
  const { folder, remarks } = await openZipOf([
    { name: 'signed/a.pdf', content: PDF },
    { name: '__MACOSX/signed/._a.pdf', content: 'x' },
    { name: 'signed/.DS_Store' },
  ]);
  expect(await folder.check('a.pdf')).toMatchObject({ sha256: sha256Of(PDF) });
  expect(remarks).toEqual(['The agreements are in the folder "signed" of the archive.']);
});

it('reads names in GBK, as Windows in China packs them, and in UTF-8 that is not marked', async () => {
  const { folder, remarks } = await openZipOf([
    { name: iconv.encode('合同.pdf', 'gbk'), content: PDF },
    { name: Buffer.from('契約.pdf'), content: PDF },
  ]);
  for (const name of ['合同.pdf', '契約.pdf']) await folder.check(name);
  expect(remarks).toEqual([expect.stringMatching(/names are encoded; read as gb18030, as in "合同.pdf"/)]);
});

it('leaves out links and entries that lead outside, and says so', async () => {
  const { folder, remarks } = await openZipOf([
    A,
    { name: '../evil.pdf', content: PDF },
    { name: '/evil.pdf', content: PDF },
    { name: 'C:\\evil.pdf', content: PDF },
    { name: 'link.pdf', content: '/etc/passwd', attributes: 0o120777 << 16 },
  ]);
  await folder.check('a.pdf');
  await expect(folder.check('link.pdf')).rejects.toMatchObject({ code: 'AGREEMENT_MISSING' });
  expect(remarks).toEqual([
    expect.stringMatching(/^4 entries of .*x\.zip led outside or elsewhere, and were left out\.$/),
  ]);
});

it('does not unpack what is too large for an agreement, and its row is told the size', async () => {
  const { folder } = await openZipOf([A, { name: 'big.pdf', content: Buffer.alloc(3 * 1024 * 1024) }]);
  await expect(folder.check('big.pdf')).rejects.toMatchObject({
    code: 'AGREEMENT_TOO_LARGE',
    message: expect.stringContaining('3145728 bytes'),
  });
});

it.each<[string, ZipPart[], string]>([
  ['two files of one name', [A, A], 'it has more than one file "a.pdf"'],
  ['two names that differ in case', [A, { ...A, name: 'A.PDF' }], 'it has more than one file "A.PDF"'],
  ['a file that is encrypted', [{ ...A, flags: 0x801 }], '"a.pdf" in it is encrypted'],
  ['a file with another checksum', [{ ...A, crc: 1 }], 'its content does not match its checksum'],
  ['a file with more bytes than it declares', [{ ...A, size: 5 }], 'its content is damaged'],
  ['a file that is a folder, too', [A, { ...A, name: 'a.pdf/b.pdf' }], 'two of its files have one place'],
])('refuses a zip with %s', async (_name, parts, why) => {
  await expect(openZipOf(parts)).rejects.toMatchObject({
    code: 'INPUT_UNREADABLE',
    message: expect.stringContaining(`cannot be unpacked: ${why}`),
  });
});

it('says of a file that it is not a folder, and of a zip that it is cut off', async () => {
  await expect(openAgreements(await makeFile('%PDF-1.7'))).rejects.toMatchObject({
    code: 'INPUT_UNREADABLE',
    message: expect.stringContaining('x.zip is not a folder, and not a zip of one.'),
  });
  await expect(openAgreements(await makeFile(makeZip([A]).subarray(0, -9)))).rejects.toMatchObject({
    code: 'INPUT_UNREADABLE',
  });
  await expect(openAgreements('/nowhere')).rejects.toMatchObject({ message: '/nowhere: no such folder.' });
});

it('opens a folder as it is', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'onboard-zip-')), 'signed');
  onTestFinished(() => rm(join(path, '..'), { recursive: true }));
  await mkdir(path);
  await writeFile(join(path, 'a.pdf'), PDF);
  await using folder = await openAgreements(path);
  expect(await folder.check('a.pdf')).toMatchObject({ sha256: sha256Of(PDF) });
});
