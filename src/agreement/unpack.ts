/**
 * Unpacks a zip archive of agreements, from anybody, into a private folder. Nothing is written outside of it, links are
 * not made, and how much will be written is known before the first byte is.
 */
import { rmSync } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { AppError } from '../errors.ts';
import { isOfDisk, isOutOfFiles, whyUnwritable } from '../file-trouble.ts';
import { openZip, type ZipArchive, type ZipEntry, ZipError } from '../source/zip.ts';
import { isInside, isJunk, keyOfName } from '../source/zip-names.ts';
import { plural } from '../text.ts';
import { AGREEMENT_BYTES_MAX } from './content.ts';

const ENTRIES_MAX = 200_000;
const NAME_LENGTH_SHOWN_MAX = 100;
/** Room that the disk keeps. */
const FREE_BYTES_MIN = 256 * 1024 * 1024;
const HINT = 'Unpack it yourself and name the folder: --agreements DIR.';

export interface Unpacked extends AsyncDisposable {
  /** Where the agreements are: the only folder of the archive, if everything in it is in one. */
  root: string;
}

/** @throws AppError INPUT_UNREADABLE for an archive that is damaged, encrypted, ambiguous or too large */
export async function unpackAgreements(path: string, onRemark: (remark: string) => void): Promise<Unpacked> {
  await using file = await open(path, 'r');
  const zip = await openZip(file, ENTRIES_MAX).catch((error: unknown) => {
    throw asRefusal(path, error);
  });
  const files = chooseFiles(path, zip, onRemark);
  const directory = await mkdtemp(join(tmpdir(), 'onboard-agreements-'));
  // Ctrl-C ends the process at once, and agreements are nobody else's business.
  const removeAtExit = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const dispose = async () => {
    await rm(directory, { recursive: true, force: true });
    process.off('exit', removeAtExit);
  };
  try {
    const bytes = bytesIn(files);
    if (!(await hasRoom(directory, bytes)))
      throw refuse(path, `it needs ${Math.ceil(bytes / 1024 / 1024)} MB in ${tmpdir()}, which has less`);
    await unpack(zip, files, directory);
    return { root: join(directory, commonFolder(files, onRemark)), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw asRefusal(path, error);
  }
}

export interface IntoOrder {
  /** Where the files go; nothing that is there is replaced. */
  directory: string;
  /** What the archive is called, for people. */
  name: string;
  /** Most bytes that are written. */
  bytesMax: number;
  onRemark: (remark: string) => void;
  /** Ends it after the file that it is at. */
  signal?: AbortSignal;
}

/**
 * Unpacks an archive into a folder that the caller keeps, beside what is there: without the folder of the archive, if
 * everything in it is in one. @returns the bytes that it takes. @throws AppError INPUT_UNREADABLE; an error of the file
 * system if the machine is at fault, not the archive
 */
export async function unpackInto(path: string, order: IntoOrder): Promise<number> {
  const { directory, name, bytesMax, onRemark, signal } = order;
  await using file = await open(path, 'r');
  try {
    const zip = await openZip(file, ENTRIES_MAX);
    const files = chooseFiles(name, zip, onRemark);
    const bytes = bytesIn(files);
    if (bytes > bytesMax) throw refuse(name, `it holds more than ${Math.floor(bytesMax / 1024 / 1024)} MB`);
    if (!(await hasRoom(directory, bytes)))
      throw Object.assign(new Error('no room to unpack an archive'), { code: 'ENOSPC' });
    const folder = commonFolder(files, onRemark);
    const start = folder === '' ? 0 : folder.length + 1;
    await unpack(
      zip,
      files.map(({ entry, name: whole }) => ({ entry, name: whole.slice(start) })),
      directory,
      signal,
    );
    return bytes;
  } catch (error) {
    throw isOfMachine(error) ? error : asRefusal(name, error);
  }
}

/** A file to unpack, under the name that it gets. */
interface Chosen {
  entry: ZipEntry;
  name: string;
}

function chooseFiles(path: string, zip: ZipArchive, onRemark: (remark: string) => void): Chosen[] {
  const chosen = new Map<string, Chosen>();
  let left = 0;
  for (const entry of zip.entries) {
    if (entry.isFolder || isJunk(entry.name)) continue;
    if (entry.isLink || !isInside(entry.name)) {
      left++;
      continue;
    }
    if (entry.isEncrypted) throw refuse(path, `${quoted(entry.name)} in it is encrypted`);
    const name = entry.name.replace(/^(\.?\/)+/, '');
    const key = keyOfName(name);
    if (chosen.has(key)) throw refuse(path, `it has more than one file ${quoted(name)}`);
    chosen.set(key, { entry, name });
  }
  const files = [...chosen.values()];
  if (left > 0)
    onRemark(
      `${plural(left, 'entry').replace(/ys$/, 'ies')} of ${path} led outside or elsewhere, and ${left === 1 ? 'was' : 'were'} left out.`,
    );
  const guessed = files.filter(({ entry }) => entry.guessedEncoding !== undefined);
  const [first] = guessed;
  if (first)
    onRemark(
      `${path} does not say how its names are encoded; read as ${first.entry.guessedEncoding}, as in ${quoted(first.name)}.`,
    );
  return files;
}

/** What is larger than an agreement can be is not unpacked; see `unpackOne`. */
const bytesOf = ({ entry }: Chosen) => (entry.size > AGREEMENT_BYTES_MAX ? 0 : entry.size);

const bytesIn = (files: readonly Chosen[]) => files.reduce((sum, file) => sum + bytesOf(file), 0);

async function hasRoom(directory: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(directory);
  return bytes + FREE_BYTES_MIN <= bavail * bsize;
}

async function unpack(
  zip: ZipArchive,
  files: readonly Chosen[],
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  const made = new Set<string>();
  for (const chosen of files) {
    signal?.throwIfAborted();
    const target = join(directory, chosen.name);
    const folder = dirname(target);
    if (!made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
    await using file = await open(target, 'wx', 0o600);
    await unpackOne(zip, chosen, file);
  }
}

/** A file that is too large for an agreement gets its size and no content, so that its row is told so. */
async function unpackOne(zip: ZipArchive, { entry }: Chosen, file: FileHandle): Promise<void> {
  if (entry.size > AGREEMENT_BYTES_MAX) return file.truncate(Math.min(entry.size, 2 ** 40));
  await file.writeFile(await buffer(await zip.open(entry)));
}

function commonFolder(files: readonly Chosen[], onRemark: (remark: string) => void): string {
  const [first = ''] = files.map(({ name }) => name.split('/', 1)[0]);
  if (!files.length || !files.every(({ name }) => name.startsWith(`${first}/`))) return '';
  onRemark(`The agreements are in the folder ${quoted(first)} of the archive.`);
  return first;
}

const quoted = (name: string) => `"${name.slice(0, NAME_LENGTH_SHOWN_MAX)}"`;

function refuse(path: string, why: string, cause?: unknown): AppError {
  return new AppError('INPUT_UNREADABLE', `${path} cannot be unpacked: ${why}.`, { hint: HINT, cause });
}

const REASONS: Record<string, string> = {
  EEXIST: 'two of its files have one place',
  ENOTDIR: 'two of its files have one place',
  ENAMETOOLONG: 'a name in it is too long',
};

const isOfMachine = (error: unknown) => isOfDisk(error) || isOutOfFiles(error);

function asRefusal(path: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof ZipError) return refuse(path, error.message, error);
  if (isOfMachine(error)) return refuse(path, whyUnwritable(error), error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reason = REASONS[code] ?? 'it is damaged';
  return refuse(path, reason, error);
}
