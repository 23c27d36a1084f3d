import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lintTemplate } from '../../../src/koogallery/template/load-lint.ts';
import { CLEAN, describe, lintBytes, partsOf } from '../../support/koogallery/template.ts';
import { makeZip, type ZipPart } from '../../support/zip.ts';

const LINK = 0o120777 * 0x10000;

it.each<[string, ZipPart, string[]]>([
  ['a step up', { name: '../evil.tf', content: 'x' }, ['error file-name ../evil.tf']],
  ['a step up in the middle', { name: 'a/../../evil' }, ['error file-name a/../../evil']],
  ['a step up of Windows', { name: '..\\evil' }, ['error file-name ../evil']],
  ['an absolute path', { name: '/etc/passwd' }, ['error file-name /etc/passwd']],
  ['a drive', { name: 'C:/evil' }, ['error file-name C:/evil']],
  ['an empty step', { name: 'a//b' }, ['error file-name a//b']],
  ['a dot', { name: './main2.tf' }, ['error file-name ./main2.tf']],
  ['a folder outside', { name: '../evil/' }, ['error file-name ../evil/']],
  ['a link', { name: 'link', content: '/etc/passwd', attributes: LINK }, ['error file-name link']],
  ['a name that is there', { name: 'MAIN.tf', content: '' }, ['error file-name MAIN.tf']],
  ['a long name', { name: 'x'.repeat(256) }, [`error file-name ${'x'.repeat(256)}`]],
  ['a longer name', { name: `${'合/'.repeat(700)}a` }, [`error file-name ${'合/'.repeat(700)}a`]],
  ['a password', { name: 'a.txt', content: 'x', flags: 0x801 }, ['error archive a.txt']],
  ['a wrong checksum', { name: 'a.txt', content: 'x', crc: 1 }, ['error archive a.txt']],
  ['more than it says', { name: 'a.txt', content: 'x'.repeat(5000), size: 10 }, ['error archive a.txt']],
  ['a name of __proto__', { name: '__proto__/constructor.tf', content: '' }, []],
])('%s', async (_name, part, expected) => {
  expect(describe(await lintBytes(makeZip([...partsOf(CLEAN), part])))).toEqual(expected);
});

it('inflates no bomb', async () => {
  const bomb = { name: 'a.txt', content: Buffer.alloc(5 * 1024 * 1024) };
  const report = await lintBytes(makeZip([...partsOf(CLEAN), bomb]));
  expect(describe(report)).toEqual(['error unpacked-size', 'error unpacked-size']);
});

it('reads no more of what claims to be huge', async () => {
  const report = await lintBytes(makeZip([...partsOf(CLEAN), { name: 'a', content: 'x', size: 0xfffffffe }]));
  expect(describe(report)).toEqual(['error unpacked-size', 'error unpacked-size']);
});

it('refuses an archive with too many entries', async () => {
  const many = Array.from({ length: 10_001 }, (_, index) => ({ name: `${index}` }));
  expect(describe(await lintBytes(makeZip(many)))).toEqual(['error archive']);
});

it('refuses half an archive', async () => {
  const whole = makeZip(partsOf(CLEAN));
  expect(describe(await lintBytes(whole.subarray(0, whole.length / 2)))).toEqual(['error archive']);
});

it('finds everything missing in an empty archive', async () => {
  const found = describe(await lintBytes(makeZip([])));
  expect(found).toEqual([
    'error extension-file',
    'warning provider-version',
    ...Array(5).fill('error required-file'),
  ]);
});

it('says if there is no such file, or if it is a folder', async () => {
  const unreadable = { code: 'INPUT_UNREADABLE' };
  await expect(lintTemplate(join(tmpdir(), 'no-such-template.zip'))).rejects.toMatchObject(unreadable);
  await expect(lintTemplate(tmpdir())).rejects.toMatchObject(unreadable);
});
