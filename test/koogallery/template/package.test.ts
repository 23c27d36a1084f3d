/** Each rule about the package: a package that breaks it and no other. */
import { expect, it } from 'vitest';
import { checkSizes } from '../../../src/koogallery/template/rules-of-package.ts';
import {
  CLEAN,
  describe,
  type Files,
  foundIn,
  lintBytes,
  partsOf,
} from '../../support/koogallery/template.ts';
import { makeZip } from '../../support/zip.ts';

it('passes a package that keeps every rule', async () => {
  const report = await lintBytes(makeZip(partsOf(CLEAN)));
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ rules: 'RFS', hasPassed: true, counts: { error: 0, warning: 0 } });
  expect(report.content?.files).toBe(Object.keys(CLEAN).length);
});

it('takes JSON syntax for native syntax', async () => {
  const versions = { required_providers: { huaweicloud: { version: '>= 1.56.0' } } };
  const changes = {
    'versions.tf': undefined,
    'versions.tf.json': JSON.stringify({ terraform: versions }),
    'outputs.tf': undefined,
    'outputs.tf.json': '{}',
  };
  expect(await foundIn(changes)).toEqual([]);
});

const EXTENSION = CLEAN['.extension/template.rfs.json'];
const repeated = (count: number, name: (index: number) => string): Files =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), 'x']));

it.each<[string, Files, string[]]>([
  ['no main.tf', { 'main.tf': undefined, 'modules/vpc/main.tf': undefined }, ['error required-file']],
  ['no outputs.tf', { 'outputs.tf': undefined }, ['error required-file']],
  ['no providers.tf', { 'providers.tf': undefined }, ['error required-file']],
  ['no extension', { '.extension/template.rfs.json': undefined }, ['error extension-file']],
  [
    'a second extension',
    { '.extension/b.rfs.json': EXTENSION },
    ['error extension-file .extension/b.rfs.json'],
  ],
  [
    'an extension too deep',
    { '.extension/template.rfs.json': undefined, '.extension/a/b.rfs.json': EXTENSION },
    ['error extension-file', 'error extension-file .extension/a/b.rfs.json'],
  ],
  ['values', { 'terraform.tfvars': 'a = 1\n' }, ['error tfvars terraform.tfvars']],
  ['values in JSON', { 'a.auto.tfvars.json': '{}' }, ['warning tfvars a.auto.tfvars.json']],
  ['another encoding', { 'README.md': Buffer.from([0xc4, 0x20]) }, ['error encoding README.md']],
  ['a file of macOS', { '.DS_Store': Buffer.from([0, 255]) }, ['error encoding .DS_Store']],
  ['a BOM in JSON syntax', { 'a.tf.json': '\ufeff{}' }, ['error bom a.tf.json']],
  ['a BOM in native syntax', { 'outputs.tf': '\ufeffoutput "a" { value = 1 }' }, []],
  ['a state', { 'terraform.tfstate': '{}' }, ['error secret terraform.tfstate']],
  ['92 more files', repeated(92, (index) => `docs/${index}`), []],
  ['93 more files', repeated(93, (index) => `docs/${index}`), ['error file-count']],
  [
    '92 more files and a folder',
    { ...repeated(92, (index) => `docs/${index}`), 'docs/': '' },
    ['warning file-count'],
  ],
  ['an unpacked megabyte', { 'README.md': 'a '.repeat(512 * 1024) }, ['error unpacked-size']],
  ['a million bytes', { 'README.md': 'a '.repeat(500_000) }, ['warning unpacked-size']],
])('%s', async (_name, changes, expected) => {
  expect(await foundIn(changes)).toEqual(expected);
});

it.each([
  [1_048_577, ['error packed-size']],
  [1_000_001, ['warning packed-size']],
  [1_000_000, []],
])('of %i packed bytes says %j', (length, expected) => {
  const content = {
    packedBytes: length,
    unpackedBytes: 1,
    fileCount: 1,
    entryCount: 1,
    files: [],
    wasInflated: true,
  };
  expect(checkSizes(content).map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(expected);
});

it('says that the folder itself was packed, and checks what is in it', async () => {
  const inFolder = Object.fromEntries(
    Object.entries(CLEAN).map(([name, content]) => [`shop/${name}`, content]),
  );
  const report = await lintBytes(makeZip(partsOf({ ...inFolder, 'shop/outputs.tf': 'output "a" {' })));
  expect(describe(report)).toEqual(['error root-folder shop', 'error syntax shop/outputs.tf:1']);
});

it.each([
  ['a tar.gz', Buffer.from('\x1f\x8b\x08\x00rest', 'latin1'), 'compressed with gzip'],
  [
    'a tar',
    Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\x0000'), Buffer.alloc(300)]),
    'a tar archive',
  ],
  ['a file of nothing', Buffer.alloc(0), 'This is empty.'],
  ['another file', Buffer.from('resource "a" "b" {}'), 'no zip archive'],
])('says of %s that RFS takes only zip', async (_name, bytes, what) => {
  const { findings, hasPassed, content } = await lintBytes(bytes, 'template.tar.gz');
  expect(findings).toMatchObject([{ rule: 'format', message: expect.stringContaining(what) }]);
  expect(findings[0]?.fix).toMatch(/marketplace takes tar and tar\.gz too, but only as software packages/);
  expect([hasPassed, content]).toEqual([false, undefined]);
});

it('wants the ending .zip', async () => {
  expect(describe(await lintBytes(makeZip(partsOf(CLEAN)), 'template.bin'))).toEqual(['error format']);
});
