/** Folders, with those above them. */
import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

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

/**
 * Whether a folder could be written, and made if it is not there. It is not made here: it would belong to whoever tries, who
 * may be another user than whoever needs it.
 * @returns false if it is not there yet
 * @throws an error of the file system if it cannot be written or made
 */
export async function tryFolder(path: string): Promise<boolean> {
  const folder = resolve(path);
  try {
    await rmdir(await mkdtemp(join(folder, 'try-')));
    return true;
  } catch (error) {
    const isThere = await stat(folder).catch(() => undefined);
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && isThere === undefined;
    if (!isMissing) throw error;
    await tryFolder(dirname(folder));
    return false;
  }
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
