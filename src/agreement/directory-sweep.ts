/** What a sweep does in a store that is a directory: lists the agreements, and removes one if nobody has kept it again. */
import { randomUUID } from 'node:crypto';
import { opendir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { type KeptAgreement, sha256InPath } from './kept.ts';

const FOLDER = /^[0-9a-f]{2}$/;
/**
 * How the name of a file ends for the moment between the decision to remove it and the last look at its time. Each removal
 * has a name of its own: under a common one, what another has just moved there would be removed unseen.
 */
const LEAVING = /(\.[0-9a-f-]{36})?\.leaving$/;

export async function* listKept(directory: string): AsyncGenerator<KeptAgreement> {
  for await (const folder of namesIn(directory)) {
    if (!FOLDER.test(folder)) continue;
    for await (const name of namesIn(join(directory, folder))) {
      const path = join(directory, folder, name);
      // Left by a sweep that was killed: whether it may go is decided anew.
      if (LEAVING.test(name)) await putBack(path, path.replace(LEAVING, ''));
      const sha256 = sha256InPath(`${folder}/${name}`);
      const facts = sha256 === undefined ? undefined : await statIfThere(path);
      if (sha256 !== undefined && facts) yield { sha256, at: facts.mtimeMs };
    }
  }
}

/**
 * An import that finds the file touches it and relies on it. So the file first gets another name: an import that comes
 * later writes it anew, and one that came before has left its mark.
 */
export async function removeKept(path: string, unlessSince: number): Promise<boolean> {
  const leaving = `${path}.${randomUUID()}.leaving`;
  try {
    if ((await stat(path)).mtimeMs >= unlessSince) return false;
    await rename(path, leaving);
    if ((await stat(leaving)).mtimeMs >= unlessSince) {
      await putBack(leaving, path);
      return false;
    }
    await rm(leaving);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw unreadable(error);
  }
}

/** Under its own name there may be the same content again by now. */
async function putBack(leaving: string, path: string): Promise<void> {
  if ((await statIfThere(path)) === undefined) await rename(leaving, path);
  else await rm(leaving, { force: true });
}

async function* namesIn(directory: string): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(directory)) yield name;
  } catch (error) {
    if (!isMissing(error)) throw unreadable(error);
  }
}

async function statIfThere(path: string) {
  return stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw unreadable(error);
  });
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

function unreadable(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new AppError('STORE_UNREACHABLE', `The agreement store cannot be swept (${code}).`);
}
