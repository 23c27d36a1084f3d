/** Files that are written: complete or not there, for their owner, and never over what they must not replace. */
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { openOutputFile, removeUnpublished } from '../../src/batch/output-file.ts';
import type { OutputRules } from '../../src/batch/output-place.ts';
import { openRejects } from '../../src/batch/rejects.ts';
import { openTableWriter } from '../../src/batch/table-writer.ts';

let folder: string;
let agreements: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'onboard-test-')));
  agreements = at('signed');
  await mkdir(join(agreements, 'deep'), { recursive: true });
  for (const name of ['input.csv', 'theirs.csv', 'signed/a.pdf', 'signed/deep/b.pdf'])
    await writeFile(at(name), name);
});

async function write(name: string, rules: OutputRules = {}): Promise<void> {
  await using file = await openOutputFile(at(name), rules);
  await new Promise<void>((resolve) => file.stream.end('ours', resolve));
  await file.publish();
}

it('is not there before it is complete, then only for its owner, and nothing else is left', async () => {
  const file = await openOutputFile(at('out.csv'));
  file.stream.write('half');
  expect(
    (await readdir(folder)).filter((name) => !/^\.onboard-[0-9a-f]{12}\.part$/.test(name)).sort(),
  ).toEqual(['input.csv', 'signed', 'theirs.csv']);
  await new Promise<void>((resolve) => file.stream.end(' and half', resolve));
  await file.publish();
  await file[Symbol.asyncDispose]();
  expect((await readdir(folder)).sort()).toEqual(['input.csv', 'out.csv', 'signed', 'theirs.csv']);
  expect(await readFile(at('out.csv'), 'utf8')).toBe('half and half');
  expect((await stat(at('out.csv'))).mode & 0o777).toBe(0o600);
});

it('leaves nothing of a file that is given up, or begun when the process exits', async () => {
  const begun = await openOutputFile(at('begun.csv'));
  const givenUp = await openOutputFile(at('given-up.csv'));
  givenUp.stream.write('half');
  await givenUp[Symbol.asyncDispose]();
  removeUnpublished();
  expect((await readdir(folder)).sort()).toEqual(['input.csv', 'signed', 'theirs.csv']);
  await begun[Symbol.asyncDispose]();
});

it('replaces a file that exists only if told to, through a link as well', async () => {
  await symlink(at('theirs.csv'), at('link.csv'));
  for (const name of ['theirs.csv', 'link.csv'])
    await expect(write(name)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  expect(await readFile(at('theirs.csv'), 'utf8')).toBe('theirs.csv');
  await write('link.csv', { force: true });
  expect(await readFile(at('theirs.csv'), 'utf8')).toBe('ours');
});

it('does not replace what another program has written meanwhile', async () => {
  await using file = await openOutputFile(at('out.csv'));
  await new Promise<void>((resolve) => file.stream.end('ours', resolve));
  await writeFile(at('out.csv'), 'theirs');
  await expect(file.publish()).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  expect(await readFile(at('out.csv'), 'utf8')).toBe('theirs');
});

it('never replaces an input, whatever leads to it', async () => {
  const inputs = { files: [at('input.csv'), at('nowhere')], folders: [agreements, at('nowhere')] };
  await symlink(at('input.csv'), at('soft.csv'));
  await link(at('input.csv'), at('hard.csv'));
  await link(at('signed/deep/b.pdf'), at('hard.pdf'));
  await symlink(agreements, at('also-signed'));
  for (const name of [
    'input.csv',
    'soft.csv',
    'hard.csv',
    'signed/a.pdf',
    'hard.pdf',
    'also-signed/deep/b.pdf',
  ])
    await expect(write(name, { force: true, inputs })).rejects.toMatchObject({ code: 'OUTPUT_IS_INPUT' });
  await write('theirs.csv', { force: true, inputs });
});

it('writes to a device as it is', async () => {
  await using file = await openOutputFile('/dev/null');
  await new Promise<void>((resolve) => file.stream.end('ours', resolve));
  await file.publish();
  expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
});

it('says that the disk is full, at the next row or at the end', async () => {
  await using file = await openOutputFile('/dev/full');
  const table = openTableWriter(file.stream, ['a']);
  const writing = async () => {
    for (let row = 0; row < 100_000; row++) await table.write(['x'.repeat(100)]);
    await table.end();
  };
  await expect(writing()).rejects.toThrow('/dev/full cannot be written: the disk is full.');
});

it('refuses a link that leads nowhere', async () => {
  await symlink(at('nowhere'), at('dangling.csv'));
  await expect(write('dangling.csv', { force: true })).rejects.toThrow('a link that leads nowhere');
});

it('calls rejects after their batch, and keeps none of a source that could not be read to its end', async () => {
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
  const row = { line: 2, values: ['=1', ''] };
  const problems = [{ line: 2, column: 'b (column 2)', code: 'REQUIRED' as const, message: 'is empty' }];
  {
    await using rejects = await openRejects({});
    await rejects.write(['a', 'b'], row, problems);
    expect(await rejects.publish('B1')).toBe('rejects-B1.csv');
    await using given = await openRejects({});
    await given.write(['a', 'b'], row, problems);
  }
  expect((await readdir(folder)).sort()).toEqual(['input.csv', 'rejects-B1.csv', 'signed', 'theirs.csv']);
  expect(await readFile('rejects-B1.csv', 'utf8')).toBe(
    '\ufeffa,b,error\r\n"\'=1",,b (column 2) is empty\r\n',
  );
});
