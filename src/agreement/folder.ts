/** The folder of signed agreements that comes with an import: finds a row's file and checks it, each file once. */
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import pLimit from 'p-limit';
import { AppError } from '../errors.ts';
import { type AgreementStore, sha256Of } from './store.ts';

/** Chat App's limit for the document, in bytes. */
export const AGREEMENT_BYTES_MAX = 2 * 1024 * 1024;

/** How many checked files are remembered; customers of one group often share an agreement. */
const REMEMBERED_MAX = 10_000;
/** Files in memory at a time, each at most 2 MB. */
const FILES_AT_A_TIME = 16;

/** In characters. */
const NAME_LENGTH_SHOWN_MAX = 255;

interface CheckedAgreement {
  /** Hexadecimal. */
  sha256: string;
}

export interface AgreementFolder {
  /**
   * Checks the file that a row names.
   * @throws AppError AGREEMENT_MISSING, AGREEMENT_OUTSIDE, AGREEMENT_NOT_PDF, AGREEMENT_TOO_LARGE or AGREEMENT_EMPTY.
   */
  check(name: string): Promise<CheckedAgreement>;
  /** Copies a checked file into the store. @throws AppError AGREEMENT_MISSING if it has changed since the check. */
  keep(name: string, sha256: string, store: AgreementStore): Promise<void>;
}

/** As much of a name as a message shows; the name in a bad row may be of any length. */
const quoted = (name: string) => `"${name.slice(0, NAME_LENGTH_SHOWN_MAX)}"`;

/** @throws AppError INPUT_UNREADABLE */
export async function openAgreementFolder(directory: string): Promise<AgreementFolder> {
  const root = await realpath(directory).catch(() => {
    throw new AppError('INPUT_UNREADABLE', `${directory}: no such folder.`, {
      hint: 'Name the folder of the signed agreements: --agreements DIR.',
    });
  });
  const remembered = new Map<string, Promise<CheckedAgreement>>();
  const oneOfFew = pLimit(FILES_AT_A_TIME);

  function check(name: string): Promise<CheckedAgreement> {
    const known = remembered.get(name);
    if (known) return known;
    if (remembered.size >= REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? '');
    const checking = oneOfFew(() => checkOnce(name));
    checking.catch(() => undefined);
    remembered.set(name, checking);
    return checking;
  }

  async function checkOnce(name: string): Promise<CheckedAgreement> {
    const content = await readBounded(await resolveInside(root, name), name);
    assertPdf(content, name);
    return { sha256: sha256Of(content) };
  }

  async function keep(name: string, sha256: string, store: AgreementStore): Promise<void> {
    const content = await readBounded(await resolveInside(root, name), name);
    if (sha256Of(content) !== sha256)
      throw new AppError('AGREEMENT_MISSING', `the file ${quoted(name)} was changed during the import`, {
        hint: 'Import again, and do not change the agreements folder meanwhile.',
      });
    await store.put(sha256, content);
  }

  return { check, keep };
}

async function resolveInside(root: string, name: string): Promise<string> {
  if (isAbsolute(name) || name.includes('\\') || name.split('/').includes('..'))
    throw new AppError(
      'AGREEMENT_OUTSIDE',
      `${quoted(name)} does not name a file inside the agreements folder`,
    );
  const path = await realpath(join(root, name)).catch(() => {
    throw new AppError('AGREEMENT_MISSING', `the file ${quoted(name)} is not in the agreements folder`);
  });
  const inside = relative(root, path);
  if (inside === '' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new AppError(
      'AGREEMENT_OUTSIDE',
      `${quoted(name)} is a link that leads out of the agreements folder`,
    );
  return path;
}

async function readBounded(path: string, name: string): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => {
    throw new AppError('AGREEMENT_MISSING', `the file ${quoted(name)} cannot be read`);
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new AppError('AGREEMENT_MISSING', `${quoted(name)} is not a file`);
    if (facts.size > AGREEMENT_BYTES_MAX)
      throw new AppError(
        'AGREEMENT_TOO_LARGE',
        `${quoted(name)} has ${facts.size} bytes; the limit is ${AGREEMENT_BYTES_MAX}`,
      );
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function assertPdf(content: Buffer, name: string): void {
  if (content.length === 0) throw new AppError('AGREEMENT_EMPTY', `${quoted(name)} is empty`);
  if (content.subarray(0, 5).toString('latin1') !== '%PDF-')
    throw new AppError('AGREEMENT_NOT_PDF', `${quoted(name)} is not a PDF`);
}
