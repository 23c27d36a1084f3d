/** The agreement store: files named by their SHA-256, so that each content has exactly one place; here in a directory. */
import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../errors.ts';
import { isOfDisk, whyUnwritable } from '../file-trouble.ts';
import { makeFolder, tryFolder } from '../make-folder.ts';
import { createDirectoryNotes } from './directory-notes.ts';
import { listKept, removeKept } from './directory-sweep.ts';
import type { KeptAgreement } from './kept.ts';
import type { StoreNotes } from './notes.ts';

export interface AgreementStore {
  /** Where it is, for people. */
  description: string;
  /** Where it is, for people on another machine. */
  place: string;
  /**
   * Keeps the bytes. What is already there as it should be is not written again, but counts as kept now; what is damaged
   * is replaced. @throws AppError STORE_UNREACHABLE
   */
  put(sha256: string, content: Buffer): Promise<void>;
  /** @throws AppError AGREEMENT_LOST if the file is gone or has changed; STORE_UNREACHABLE. */
  get(sha256: string): Promise<Buffer>;
  /** Proves that the store can be written; makes no folder. @throws AppError STORE_UNREACHABLE */
  check(): Promise<void>;
  /** What the store says of itself, beside the agreements. */
  notes: StoreNotes;
  /** Every agreement, in no particular order. @throws AppError STORE_UNREACHABLE */
  list(): AsyncIterable<KeptAgreement>;
  /**
   * Removes an agreement, unless an import has kept it since a time (milliseconds since 1970).
   * @returns whether it was removed. @throws AppError STORE_UNREACHABLE
   */
  remove(sha256: string, unlessSince: number): Promise<boolean>;
}

export function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The path of a file in its store, with slashes. */
export function pathInStore(sha256: string): string {
  return `${sha256.slice(0, 2)}/${sha256}.pdf`;
}

/** @param place of the store in which it was looked for */
export function agreementLost(sha256: string, { hasChanged, place }: { hasChanged: boolean; place: string }) {
  const what = hasChanged ? 'has changed in' : 'is not in';
  return new AppError('AGREEMENT_LOST', `The agreement ${sha256.slice(0, 16)} ${what} the store ${place}.`);
}

export function createDirectoryStore(directory: string): AgreementStore {
  const pathOf = (sha256: string) => join(directory, pathInStore(sha256));
  const place = `${resolve(directory)} on ${hostname()}`;

  async function put(sha256: string, content: Buffer): Promise<void> {
    const path = pathOf(sha256);
    // A disk may have damaged what is there: it is compared, and replaced if it differs.
    if ((await holds(path, content)) && (await touch(path))) return;
    // A name of its own until it is complete: a killed import never leaves half a file under the final name.
    const partial = `${path}.${randomUUID()}`;
    try {
      await writeDurably(partial, content);
      await rename(partial, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(partial, { force: true }).catch(() => undefined);
      throw unwritable(place, error);
    }
  }

  async function get(sha256: string): Promise<Buffer> {
    const content = await readFile(pathOf(sha256)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new AppError('STORE_UNREACHABLE', `The agreement store cannot be read (${error.code}).`);
    });
    if (content && sha256Of(content) === sha256) return content;
    throw agreementLost(sha256, { hasChanged: content !== undefined, place });
  }

  async function check(): Promise<void> {
    try {
      await tryFolder(directory);
    } catch (error) {
      throw unwritable(directory, error);
    }
  }

  return {
    description: directory,
    place,
    put,
    get,
    check,
    notes: createDirectoryNotes(directory),
    list: () => listKept(directory),
    remove: (sha256, unlessSince) => removeKept(pathOf(sha256), unlessSince),
  };
}

function unwritable(place: string, error: unknown): AppError {
  return new AppError('STORE_UNREACHABLE', `${place} cannot be written: ${whyUnwritable(error)}.`, {
    cause: error,
    ...(isOfDisk(error) && { hint: 'Make room on that disk, or repair it.' }),
  });
}

async function holds(path: string, content: Buffer): Promise<boolean> {
  if ((await stat(path).catch(() => undefined))?.size !== content.length) return false;
  return (await readFile(path).catch(() => undefined))?.equals(content) ?? false;
}

/** @returns false if the file is not there any more: a sweep may have removed it just now */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const make = () => open(path, 'wx', 0o600);
  const file = await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    await makeFolder(dirname(path), 0o700);
    await syncFolder(dirname(dirname(path)));
    return make();
  });
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Until then, a power cut may take back the name of what was made in it. Some file systems know no such thing. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await folder.close();
  }
}
