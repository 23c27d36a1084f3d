/**
 * Agreements that are added to a draft come in a folder of their own, which is put beside them at once. As soon as
 * `draft.json` names that folder, they belong to the draft: whoever opens it next moves them, whatever became of the process
 * that brought them. A folder that it does not name never came so far.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

const PREFIX = 'adding-';
/** Longer than it takes to name a folder, in milliseconds. */
const UNNAMED_MS_MAX = 60_000;

export const addingName = (id: string) => `${PREFIX}${id}`;

/** Moves what belongs to a draft among its agreements; several may do so at once. */
export async function finishAdding(folder: string, adding: string, agreements: string): Promise<void> {
  const from = join(folder, adding);
  const entries = await readdir(from, { recursive: true, withFileTypes: true }).catch(unlessGone);
  if (entries === undefined) return;
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const target = join(agreements, relative(from, path));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(path, target).catch(unlessGone);
  }
  await rm(from, { recursive: true, force: true });
}

/** Removes what a process that was killed has left of a change that was never made. @param now milliseconds since 1970 */
export async function removeLeft(folder: string, adding: string | undefined, now: number): Promise<void> {
  for (const name of (await readdir(folder).catch(unlessGone)) ?? []) {
    const isLeft = (name.startsWith(PREFIX) && name !== adding) || name.startsWith('draft.json.');
    const facts = isLeft ? await stat(join(folder, name)).catch(unlessGone) : undefined;
    if (facts !== undefined && facts.ctimeMs + UNNAMED_MS_MAX < now)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
