/** Folders, with those above them. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Like Node's recursive `mkdir`, which never returns if the folder above is there and takes no others, as `/proc` does: the
 * answer is then that something is missing, and it tries again and again.
 * @param mode of the folders that are made
 * @throws an error of the file system; EPERM if nothing can be made there
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  if (await makeOne(path, mode)) return;
  await makeFolder(dirname(path), mode);
  if (!(await makeOne(path, mode))) throw Object.assign(new Error(`${path}: EPERM`), { code: 'EPERM' });
}

/** @returns false if the folder above seems to be missing */
async function makeOne(path: string, mode?: number): Promise<boolean> {
  try {
    await mkdir(path, mode === undefined ? {} : { mode });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) return false;
    if (code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
    return true;
  }
}
