/**
 * Files that a person asks us to write. Each is written aside, in its folder and for its owner only, and gets its name when
 * it is complete: whoever finds a file under that name has all of it. What a killed process leaves is called
 * `.onboard-….part`.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { makeFolder } from '../make-folder.ts';
import { checkOutputPlace, exists, type OutputRules, unwritable } from './output-place.ts';

const BUFFER_BYTES = 256 * 1024;
const OWNER_ONLY = 0o600;
/** Answers of file systems that have no hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK'];

export interface OutputFile extends AsyncDisposable {
  /** Where the content goes; it must have ended before `publish`. */
  stream: Writable;
  /** Gives the file its name. Without it, nothing stays behind. @throws AppError OUTPUT_EXISTS, OUTPUT_UNWRITABLE */
  publish(): Promise<void>;
}

/** Files that have no name yet. */
const unpublished = new Set<string>();

/** Removes what was begun; for the moment at which the process exits. */
export function removeUnpublished(): void {
  for (const path of unpublished) rmSync(path, { force: true });
}

/** @throws AppError OUTPUT_UNWRITABLE, OUTPUT_EXISTS, OUTPUT_IS_INPUT */
export async function openOutputFile(path: string, rules: OutputRules = {}): Promise<OutputFile> {
  const place = await checkOutputPlace(path, rules);
  if (place.kind === 'special') return openSpecial(path);
  const aside = await openAside(dirname(place.path), path);
  return { ...aside, publish: () => aside.publishAs(place.path, rules.force === true) };
}

/** A device or a pipe: it has its name, and is written to as it is. */
async function openSpecial(path: string): Promise<OutputFile> {
  const file = await openOrThrow(path, path, 'w');
  const stream = streamInto(file, path, () => file.close());
  return { stream, publish: async () => undefined, [Symbol.asyncDispose]: async () => end(stream) };
}

export interface AsideFile extends Omit<OutputFile, 'publish'> {
  /** @param path in the same folder */
  publishAs(path: string, replaces: boolean): Promise<void>;
}

/** A file in a folder that gets its name later. @param shown what it is called until then, in messages */
export async function openAside(folder: string, shown: string): Promise<AsideFile> {
  const aside = join(folder, `.onboard-${randomBytes(6).toString('hex')}.part`);
  const file = await openOrThrow(aside, shown, 'wx');
  unpublished.add(aside);
  const stream = streamInto(file, shown, async () => {
    // A name must not outlive its content when the power fails.
    await file.sync();
    await file.close();
  });
  return {
    stream,
    async publishAs(path, replaces) {
      await (replaces ? rename(aside, path) : giveName(aside, path)).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST' ? exists(path) : unwritable(path, error);
      });
      unpublished.delete(aside);
    },
    async [Symbol.asyncDispose]() {
      await end(stream);
      if (unpublished.delete(aside)) await rm(aside, { force: true });
    },
  };
}

/** Unlike `rename`, a link never replaces what another program has put there meanwhile. */
async function giveName(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    if ((await lstat(path).catch(() => undefined)) !== undefined) throw exists(path);
    return rename(aside, path);
  }
  await rm(aside);
}

async function openOrThrow(path: string, shown: string, flags: string): Promise<FileHandle> {
  return open(path, flags, OWNER_ONLY).catch((error: unknown) => {
    throw unwritable(shown, error);
  });
}

/** @param complete closes the file after the last byte */
function streamInto(file: FileHandle, shown: string, complete: () => Promise<void>): Writable {
  const attempt = (work: Promise<void>, done: (error?: Error | null) => void) =>
    work.then(
      () => done(),
      (error: unknown) => done(unwritable(shown, error)),
    );
  const stream = new Writable({
    highWaterMark: BUFFER_BYTES,
    write: (chunk: Buffer, _encoding, done) => attempt(file.writeFile(chunk), done),
    writev: (chunks, done) => attempt(file.writeFile(Buffer.concat(chunks.map(({ chunk }) => chunk))), done),
    final: (done) => attempt(complete(), done),
    destroy: (error, done) => {
      // Closing twice does no harm; what is wrong with the file was told already.
      file.close().then(
        () => done(error),
        () => done(error),
      );
    },
  });
  // Whoever writes into it is told; that nobody does at the moment must not end the process.
  return stream.on('error', () => undefined);
}

async function end(stream: Writable): Promise<void> {
  if (stream.closed) return;
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.destroy();
  await closed;
}

/** @throws AppError OUTPUT_UNWRITABLE */
export async function makeOutputFolder(path: string): Promise<void> {
  await makeFolder(path).catch((error: unknown) => {
    throw unwritable(path, error);
  });
}

/** Writes, and waits if the output cannot keep up; otherwise everything would pile up in memory. */
export async function writeTo(output: Writable, chunk: unknown): Promise<void> {
  if (!output.write(chunk)) await once(output, 'drain');
}
