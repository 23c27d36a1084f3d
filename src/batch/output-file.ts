/** Files and folders that a person asks us to write: an error says which and why, before any work is lost. */
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { AppError } from '../errors.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'part of its path is not a folder',
  EEXIST: 'a file with that name exists',
  EISDIR: 'it is a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** @throws AppError OUTPUT_UNWRITABLE */
export async function openOutputFile(path: string): Promise<Writable> {
  const file = await open(path, 'w').catch((error: unknown) => {
    throw unwritable(path, error);
  });
  return file.createWriteStream();
}

/** @throws AppError OUTPUT_UNWRITABLE */
export async function makeOutputFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw unwritable(path, error);
  });
}

/** Writes, and waits if the output cannot keep up; otherwise everything would pile up in memory. */
export async function writeTo(output: Writable, chunk: unknown): Promise<void> {
  if (!output.write(chunk)) await once(output, 'drain');
}

/** The error to tell of an output that the system refused. */
export function unwritable(path: string, error: unknown): AppError {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  return new AppError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${REASONS[code] ?? code}.`);
}
