/** The notes of an agreement store in a directory. */
import { randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { StoreNotes } from './notes.ts';

/** Of file systems without hard links, such as those of Windows shares. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

export function createDirectoryNotes(directory: string): StoreNotes {
  return {
    read: (name) =>
      orElse(undefined, directory, async () => {
        const path = join(directory, name);
        const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
        return { text, at: Math.floor(mtimeMs) };
      }),
    create: (name, text) => orElse(undefined, directory, () => createWhole(join(directory, name), text)),
    replace: (name, text) => orElse(undefined, directory, () => replaceWhole(join(directory, name), text)),
    list: (folder) => orElse<string[]>([], directory, () => readdir(join(directory, folder))),
  };
}

/** @param missing what to return if the file or folder is not there. @throws AppError STORE_UNREACHABLE */
async function orElse<T>(missing: T, directory: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return missing;
    throw new AppError('STORE_UNREACHABLE', `${directory} cannot be used (${code}).`);
  }
}

/** A reader never sees half of it: it gets its name when it is complete. */
async function writeWhole(
  path: string,
  text: string,
  giveName: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = `${path}.${randomUUID()}`;
  try {
    await writeDurably(partial, text);
    await giveName(partial);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** The folder is there but for the first time, so it is not looked for. */
async function writeDurably(path: string, text: string): Promise<void> {
  const write = () => writeFile(path, text, { mode: 0o600, flush: true });
  await write().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    await makeFolder(dirname(path), 0o700);
    await write();
  });
}

const replaceWhole = (path: string, text: string) =>
  writeWhole(path, text, (partial) => rename(partial, path));

const createWhole = (path: string, text: string) =>
  writeWhole(path, text, async (partial) => {
    await link(partial, path).catch(async (error: NodeJS.ErrnoException) => {
      const { code = '' } = error;
      if (NO_LINKS.has(code)) await createInPlace(path, text);
      else if (code !== 'EEXIST') throw error;
    });
    await rm(partial);
  });

async function createInPlace(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  try {
    await file?.writeFile(text);
  } finally {
    await file?.close();
  }
}
