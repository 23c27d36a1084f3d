/** Makes uploaded agreements ready to be put among those of a draft, or says why they cannot be. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rename, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LISTED_MAX } from '../../agreement/list-files.ts';
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';

const MEGABYTE = 1024 * 1024;
const BLOCK_BYTES = 512;

export interface IntoDraft {
  /** Folder of what was uploaded. */
  from: string;
  /** Folder of those that the draft has. */
  to: string;
  /** Of all agreements of the draft together. */
  bytesMax: number;
  filesMax?: number;
}

/**
 * They replace those of the same names.
 * @throws AppError REQUEST_INVALID if one has no place; BODY_TOO_LARGE if the draft would become too large
 */
export async function readyAgreements(into: IntoDraft): Promise<void> {
  const { from, to, bytesMax, filesMax = LISTED_MAX } = into;
  const [coming, there] = [await filesIn(from), await filesIn(to)];
  const files = new Set(there);
  const folders = new Set(there.flatMap(foldersOf));
  for (const path of coming)
    if (folders.has(path) || foldersOf(path).some((folder) => files.has(folder)))
      throw new AppError('REQUEST_INVALID', `${quoted(path)} is a file and a folder of this draft.`);
  const isReplaced = new Set(coming);
  const stay = there.filter((path) => !isReplaced.has(path));
  if (coming.length + stay.length > filesMax) throw tooMuch(`${filesMax} agreements`);
  const bytes = (await bytesOf(from, coming)) + (await bytesOf(to, stay));
  if (bytes > bytesMax) throw tooMuch(`${Math.floor(bytesMax / MEGABYTE)} MB of agreements`);
}

/**
 * It replaces nothing, because another row may name it: it is renamed to what it will be called.
 * @returns that name. @throws AppError REQUEST_INVALID if there is not exactly one; as `readyAgreements`
 */
export async function readyAgreement(into: IntoDraft): Promise<string> {
  const [path, ...others] = await filesIn(into.from);
  if (path === undefined || others.length > 0)
    throw new AppError('REQUEST_INVALID', 'For one row there must be one agreement.');
  const name = await freeNameFor(join(into.from, path), into.to);
  await rename(join(into.from, path), join(into.from, name));
  await readyAgreements(into);
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

/** What they take on disk: a file that is too large for an agreement has its size and no content. */
async function bytesOf(folder: string, paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const { size, blocks } = await stat(join(folder, path));
    bytes += Math.min(size, blocks * BLOCK_BYTES);
  }
  return bytes;
}

const tooMuch = (what: string) =>
  new AppError('BODY_TOO_LARGE', `A draft holds at most ${what}.`, {
    hint: 'Divide the file of customers, or delete the draft and upload only what is needed.',
  });

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
