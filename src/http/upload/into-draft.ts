/** Puts uploaded agreements among those of a draft. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';

/** From where to where, below the folders of either. */
type Move = readonly [from: string, to: string];

/** Those of the same names are replaced. @throws AppError REQUEST_INVALID if one has no place: then none is there */
export async function putAgreements(from: string, to: string): Promise<void> {
  const paths = await filesIn(from);
  await move(
    paths.map((path) => [path, path]),
    { from, to },
  );
}

/**
 * Replaces nothing, because another row may name it.
 * @returns the name that it has there. @throws AppError REQUEST_INVALID if there is not exactly one
 */
export async function putAgreement(from: string, to: string): Promise<string> {
  const [path, ...others] = await filesIn(from);
  if (path === undefined || others.length > 0)
    throw new AppError('REQUEST_INVALID', 'For one row there must be one agreement.');
  const name = await freeNameFor(join(from, path), to);
  await move([[path, name]], { from, to });
  return name;
}

/** Its own, or that with the first number under which there is nothing else. */
async function freeNameFor(path: string, folder: string): Promise<string> {
  const there = await filesIn(folder);
  const ending = extname(path);
  const stem = basename(path, ending);
  const digest = await digestOf(path);
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${stem}${ending}` : `${stem} (${number})${ending}`;
    const same = there.filter((each) => keyOf(each) === keyOf(name));
    if (same.length === 0) return name;
    if (same.length === 1 && same[0] === name && (await digestOf(join(folder, name))) === digest) return name;
  }
}

/** Rows name agreements without their folders, and in any case. */
const keyOf = (path: string) => basename(path).normalize('NFKC').trim().toLowerCase();

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function move(moves: readonly Move[], { from, to }: { from: string; to: string }): Promise<void> {
  const files = new Set(await filesIn(to));
  const folders = new Set([...files].flatMap(foldersOf));
  for (const [, path] of moves)
    if (folders.has(path) || foldersOf(path).some((folder) => files.has(folder)))
      throw new AppError('REQUEST_INVALID', `${quoted(path)} is a file and a folder of this draft.`);
  for (const [path, target] of moves) {
    await mkdir(dirname(join(to, target)), { recursive: true, mode: 0o700 });
    await rename(join(from, path), join(to, target));
  }
}

/** The folders in which a file is. */
function foldersOf(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_step, index) => steps.slice(0, index + 1).join('/'));
}

/** @returns the paths below the folder */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) =>
    entry.isFile() ? relative(folder, join(entry.parentPath, entry.name)) : [],
  );
}
