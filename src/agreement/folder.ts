/** The folder of signed agreements that comes with an import: finds a row's file and checks it, each file once. */
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, win32 } from 'node:path';
import pLimit from 'p-limit';
import { AppError } from '../errors.ts';
import { quoted } from '../printable.ts';
import { type CheckedAgreement, checkContent } from './content.ts';
import { LISTED_MAX, type Listing, listFiles } from './list-files.ts';
import { findInside, readBounded } from './open-inside.ts';
import { type AgreementStore, sha256Of } from './store.ts';

/** How many checked files are remembered; customers of one group often share an agreement. */
const REMEMBERED_MAX = 10_000;
/** Files in memory at a time, each at most 2 MB. */
const FILES_AT_A_TIME = 16;
/** Files that a message names at most. */
const NAMES_SHOWN_MAX = 5;

export interface AgreementFolder {
  /**
   * Checks the file that a row names: exactly, or else by what a person sees of the name.
   * @throws AppError AGREEMENT_MISSING, AGREEMENT_AMBIGUOUS, AGREEMENT_OUTSIDE, AGREEMENT_NOT_PDF, AGREEMENT_TOO_LARGE or
   *   AGREEMENT_EMPTY.
   */
  check(name: string): Promise<CheckedAgreement>;
  /** Copies a checked file into the store. @throws AppError AGREEMENT_MISSING if it has changed since the check. */
  keep(name: string, sha256: string, store: AgreementStore): Promise<void>;
}

/** @throws AppError INPUT_UNREADABLE */
export async function openAgreementFolder(directory: string): Promise<AgreementFolder> {
  const root = await realpath(directory).catch(() => {
    throw new AppError('INPUT_UNREADABLE', `${directory}: no such folder.`, {
      hint: 'Name the folder of the signed agreements: --agreements DIR.',
    });
  });
  if (!(await stat(root)).isDirectory())
    throw new AppError('INPUT_UNREADABLE', `${directory} is not a folder.`, {
      hint: 'Name the folder of the signed agreements: --agreements DIR.',
    });
  const remembered = new Map<string, Promise<CheckedAgreement>>();
  const oneOfFew = pLimit(FILES_AT_A_TIME);
  // Read once, and only if a name is not found as it stands.
  let listing: Promise<Listing> | undefined;

  function check(name: string): Promise<CheckedAgreement> {
    const known = remembered.get(name);
    if (known) return known;
    if (remembered.size >= REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? '');
    const checking = oneOfFew(async () => checkContent(await read(name), name));
    checking.catch(() => undefined);
    remembered.set(name, checking);
    return checking;
  }

  async function keep(name: string, sha256: string, store: AgreementStore): Promise<void> {
    const content = await read(name);
    if (sha256Of(content) !== sha256)
      throw new AppError('AGREEMENT_MISSING', `the file ${quoted(name)} was changed during the import`, {
        hint: 'Import again, and do not change the agreements folder meanwhile.',
      });
    await store.put(sha256, content);
  }

  async function read(name: string): Promise<Buffer> {
    assertBelow(name);
    const exact = await findInside(root, join(root, name), name);
    if (exact !== undefined) return readBounded(exact, name);
    listing ??= listFiles(root);
    const path = await findInside(root, pick(name, await listing), name);
    if (path === undefined) throw missing(name);
    return readBounded(path, name);
  }

  return { check, keep };
}

/** @throws AppError AGREEMENT_OUTSIDE if the name leads out of every folder */
function assertBelow(name: string): void {
  const parts = name.split(/[\\/]/);
  const isBelow = parts.some((part) => part !== '' && part !== '.') && !parts.includes('..');
  if (isBelow && !isAbsolute(name) && !win32.isAbsolute(name)) return;
  throw new AppError(
    'AGREEMENT_OUTSIDE',
    `${quoted(name)} does not name a file inside the agreements folder`,
  );
}

/** @throws AppError AGREEMENT_MISSING, AGREEMENT_AMBIGUOUS */
function pick(name: string, { index, isComplete }: Listing): Buffer {
  const found = index.find(name);
  if (found.is === 'found') return found.file;
  if (found.is === 'ambiguous') throw ambiguous(name, found.names);
  if (!isComplete)
    throw missing(name, ` (it has more than ${LISTED_MAX} files, so only exact names are sure to be found)`);
  throw missing(name, found.nearest === undefined ? '' : `; did you mean ${quoted(found.nearest)}?`);
}

function missing(name: string, more = ''): AppError {
  return new AppError('AGREEMENT_MISSING', `the file ${quoted(name)} is not in the agreements folder${more}`);
}

function ambiguous(name: string, names: readonly string[]): AppError {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((other) => `${quoted(other)}${formOf(other, names)}`);
  const more = names.length > NAMES_SHOWN_MAX ? ` and ${names.length - NAMES_SHOWN_MAX} more` : '';
  return new AppError('AGREEMENT_AMBIGUOUS', `${quoted(name)} may be ${shown.join(' or ')}${more}`);
}

/** What tells two names apart that look the same. */
function formOf(name: string, names: readonly string[]): string {
  const twins = names.filter((other) => other.normalize('NFC') === name.normalize('NFC'));
  if (twins.length < 2) return '';
  return name === name.normalize('NFC') ? ' (composed)' : ' (decomposed)';
}
