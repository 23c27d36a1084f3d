/** Where a file may be written: never over an input, and over anything else only if the person says so. */
import type { BigIntStats } from 'node:fs';
import { access, constants, lstat, opendir, realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { AppError } from '../errors.ts';
import { whyUnwritable } from '../file-trouble.ts';

export interface OutputRules {
  /** Replace files that exist. */
  force?: boolean;
  /** What is never replaced, under whatever name, `force` or not. */
  inputs?: Inputs;
}

/** Paths; those that lead nowhere are ignored. */
export interface Inputs {
  files?: readonly string[];
  /** With everything in them. */
  folders?: readonly string[];
}

/** `special` is a device or a pipe, which is written to and not replaced. */
type Place = { kind: 'file' | 'special'; path: string };

/** What the file system says about a place, as a sentence. */
export function unwritable(path: string, error: unknown): AppError {
  return new AppError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${whyUnwritable(error)}.`);
}

export const exists = (path: string) =>
  new AppError('OUTPUT_EXISTS', `${path} exists, and this command did not make it. Nothing was replaced.`);

/**
 * Looks at a place before any work is done for it.
 * @returns where to write: links are followed
 * @throws AppError OUTPUT_UNWRITABLE, OUTPUT_EXISTS, OUTPUT_IS_INPUT
 */
export async function checkOutputPlace(path: string, { force, inputs }: OutputRules = {}): Promise<Place> {
  const facts = await factsOf(path);
  if (facts === undefined) return checkNew(path);
  if (facts.isDirectory()) throw unwritable(path, { code: 'EISDIR' });
  if (!facts.isFile()) return { kind: 'special', path };
  const real = await realpath(path);
  const input = await findInput({ real, facts }, inputs ?? {}, force === true);
  if (input !== undefined)
    throw new AppError('OUTPUT_IS_INPUT', `${path} is not written: it is an input (${input}).`);
  if (!force) throw exists(path);
  return { kind: 'file', path: real };
}

async function factsOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unwritable(path, error);
  });
}

async function checkNew(path: string): Promise<Place> {
  const isThere = await lstat(path).catch(() => undefined);
  if (isThere !== undefined)
    throw new AppError('OUTPUT_UNWRITABLE', `${path} cannot be written: it is a link that leads nowhere.`);
  await access(dirname(path), constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  return { kind: 'file', path };
}

interface Existing {
  real: string;
  facts: BigIntStats;
}

/** @returns the input that the file is */
async function findInput(
  file: Existing,
  { files = [], folders = [] }: Inputs,
  looksInside: boolean,
): Promise<string | undefined> {
  for (const path of files) if (await isSame(path, file)) return path;
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => undefined);
    if (root === undefined) continue;
    if (file.real.startsWith(`${root}${sep}`)) return folder;
    // Only a file with another name can also be in there; looking takes long.
    if (looksInside && file.facts.nlink > 1n && (await holds(root, file))) return folder;
  }
  return undefined;
}

/** Whether a path leads to the very file, by a link of either kind. */
async function isSame(path: string, { facts }: Existing): Promise<boolean> {
  const other = await stat(path, { bigint: true }).catch(() => undefined);
  return other !== undefined && other.dev === facts.dev && other.ino === facts.ino;
}

async function holds(folder: string, file: Existing): Promise<boolean> {
  for await (const entry of await opendir(folder, { recursive: true }))
    if (!entry.isDirectory() && (await isSame(join(entry.parentPath, entry.name), file))) return true;
  return false;
}
