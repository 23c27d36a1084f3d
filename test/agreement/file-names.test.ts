/** Names as people write them, against names as their machines have them. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { expect, it, onTestFinished } from 'vitest';
import { type AgreementFolder, openAgreementFolder } from '../../src/agreement/folder.ts';
import { sha256Of } from '../../src/agreement/store.ts';
import { checkRows } from '../../src/batch/check-rows.ts';
import { FirstSeen } from '../../src/customer/duplicates.ts';
import { parseColumns } from '../../src/customer/header.ts';
import { makePdf } from '../support/pdf.ts';

/** The folder that belongs to `50-names.csv`. */
const NAMES = [
  ...[' lead.pdf', '-dash.pdf', '=eq.pdf', 'Mixed Case.pdf', 'UPPER.PDF', 'comma, inside.pdf'],
  ...['double  space.pdf', 'emoji😀.pdf', 'end.pdf ', "it's.pdf", 'nb\u00a0sp.pdf', 'plus+&=#%.pdf'],
  ...['sub/in.pdf', 'trail .pdf', '合同 甲方（盖章）.pdf', '＋full.pdf', 'Société.pdf'],
  ...['Société.pdf', '한국계약.pdf', '契約書が.pdf'].map((name) => name.normalize('NFD')),
];

/** @param names each file holds its own name, so that it is known again */
async function makeFolder(names: readonly (string | Buffer)[]) {
  const root = await mkdtemp(join(tmpdir(), 'onboard-names-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'sub'));
  for (const name of names)
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]), pdfOf(name));
  return { root, folder: await openAgreementFolder(root) };
}

const pdfOf = (name: string | Buffer) => makePdf([Buffer.from(name).toString('hex')]);
const messageOf = (folder: AgreementFolder, name: string) =>
  folder.check(name).then(
    () => 'found',
    (error: Error) => error.message,
  );

it('finds every file of the sheet that a person would find, and offers or refuses the rest', async () => {
  const { folder } = await makeFolder([...NAMES, iconv.encode('协议.pdf', 'gbk')]);
  const [header = [], ...rows] = parse(await readFile('test/fixtures/inputs/50-names.csv')) as string[][];
  const chunk = rows.map((values, index) => ({ line: index + 2, values }));
  const checked = await checkRows({ columns: parseColumns(header), folder, seen: new FirstSeen() }, chunk, 1);
  const refused = checked.filter(({ good }) => good === undefined).map(({ problems }) => problems);
  expect(refused.map(([problem]) => [problem?.line, problem?.code])).toEqual([
    [21, 'AGREEMENT_MISSING'],
    [32, 'AGREEMENT_MISSING'],
    [34, 'AGREEMENT_MISSING'],
    [35, 'AGREEMENT_OUTSIDE'],
    [36, 'AGREEMENT_OUTSIDE'],
  ]);
  for (const index of [1, 2]) expect(refused[index]?.[0]?.message).toMatch(/; did you mean "UPPER\.PDF"\?$/);
});

it.each([
  ['sub\\in.pdf', 'sub/in.pdf'],
  ['SUB/In.pdf', 'sub/in.pdf'],
  ['MIXED case.PDF', 'Mixed Case.pdf'],
  ['trail.pdf', 'trail .pdf'],
  ['+full.pdf', '＋full.pdf'],
  ['合同　甲方(盖章).pdf', '合同 甲方（盖章）.pdf'],
])('finds by %s the file %s', async (name, file) => {
  const { folder } = await makeFolder(NAMES);
  expect(await folder.check(name)).toMatchObject({ sha256: sha256Of(pdfOf(file)) });
});

it.each(['big5', 'shift_jis', 'euc-kr', 'gb18030'])(
  'finds a name that an old ZIP wrote in %s',
  async (encoding) => {
    const name =
      { big5: '合約書.pdf', shift_jis: '契約書.pdf', 'euc-kr': '계약서.pdf' }[encoding] ?? '合同书.pdf';
    const bytes = iconv.encode(name, encoding);
    const { folder } = await makeFolder([bytes]);
    expect(await folder.check(name)).toMatchObject({ sha256: sha256Of(pdfOf(bytes)) });
  },
);

it('takes the exact name where others only look like it, and otherwise guesses none of them', async () => {
  const { folder } = await makeFolder(['a.pdf', 'A.PDF', 'é.pdf', 'e\u0301.pdf']);
  expect(await folder.check('A.PDF')).toMatchObject({ sha256: sha256Of(pdfOf('A.PDF')) });
  expect(await messageOf(folder, 'A.pdf')).toMatch(
    /^"A\.pdf" may be "(a\.pdf|A\.PDF)" or "(a\.pdf|A\.PDF)"$/,
  );
  expect(await messageOf(folder, 'É.pdf')).toMatch(/"é\.pdf" \((de)?composed\) or .* \((de)?composed\)$/);
  await expect(folder.check('É.pdf')).rejects.toMatchObject({ code: 'AGREEMENT_AMBIGUOUS' });
});

it('offers the nearest name, also from a subfolder, and none if nothing is near', async () => {
  const { folder } = await makeFolder(['agreement-001.pdf', 'sub/other.pdf']);
  expect(await messageOf(folder, 'agrement-001.pdf')).toMatch(/did you mean "agreement-001\.pdf"\?$/);
  expect(await messageOf(folder, 'other.pdf')).toMatch(/did you mean "sub\/other\.pdf"\?$/);
  expect(await messageOf(folder, 'x.pdf')).toBe('the file "x.pdf" is not in the agreements folder');
});

it('waits for nothing that is not a file, and quotes a name so that it stays in its line', async () => {
  const { root, folder } = await makeFolder(['a\u001b[2J\n.pdf']);
  execFileSync('mkfifo', [join(root, 'pipe.pdf')]);
  await symlink('/dev/zero', join(root, 'zero.pdf'));
  await symlink('pipe.pdf', join(root, 'link.pdf'));
  expect(await messageOf(folder, 'pipe.pdf')).toBe('"pipe.pdf" is a named pipe, not a file');
  expect(await messageOf(folder, 'PIPE.pdf')).toBe('"PIPE.pdf" is a named pipe, not a file');
  expect(await messageOf(folder, 'link.pdf')).toBe('"link.pdf" is a named pipe, not a file');
  expect(await messageOf(folder, 'sub')).toBe('"sub" is a folder, not a file');
  expect(await messageOf(folder, 'zero.pdf')).toContain('is a link that leads out of');
  expect(await messageOf(folder, 'b\u001b[2J\n.pdf')).toContain('"b\\u001b[2J\\u000a.pdf"');
});

it('says so if what is given as the folder is a file', async () => {
  const { root } = await makeFolder(['a.pdf']);
  await expect(openAgreementFolder(join(root, 'a.pdf'))).rejects.toThrow(/a\.pdf is not a folder\.$/);
});
