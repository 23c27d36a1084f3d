import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, tryFolder } from '../src/make-folder.ts';

it('makes what is missing, for whom it is, and is content with what is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-test-'));
  const path = join(folder, 'a', 'b');
  await Promise.all([makeFolder(path, 0o700), makeFolder(path, 0o700)]);
  await makeFolder(path);
  expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
  await writeFile(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(folder, 'file', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it('tries where a folder is, or would be, and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-test-'));
  expect(await tryFolder(join(folder, 'a', 'b'))).toBe(false);
  expect(await readdir(folder)).toEqual([]);
  await mkdir(join(folder, 'a'));
  expect(await tryFolder(join(folder, 'a'))).toBe(true);
  expect(await readdir(join(folder, 'a'))).toEqual([]);
  await writeFile(join(folder, 'file'), '');
  await expect(tryFolder(join(folder, 'file', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

// Node's own would never return.
it.skipIf(!existsSync('/proc/self'))('says so where no folder can be made', async () => {
  await expect(makeFolder('/proc/none/such')).rejects.toMatchObject({ code: 'EPERM' });
  await expect(tryFolder('/proc/none/such')).rejects.toThrow();
});
