/** Where uploads are written while they come. A folder that cannot be written is found before somebody uploads something. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { isOfDisk, isOutOfFiles, whyUnwritable } from '../file-trouble.ts';
import type { Logger } from '../logger.ts';
import { makeFolder, tryFolder } from '../make-folder.ts';
import type { Finding } from '../onboarding/finding.ts';

/** Below the folder of the settings; what a process that was killed has left there is swept with old drafts. */
const UPLOADS = 'uploads';

/** @param root the folder of the settings */
export function uploadsIn(root: string): string {
  return join(root, UPLOADS);
}

/** A new folder for one upload. @throws AppError UPLOADS_UNWRITABLE */
export async function makeUploadFolder(root: string): Promise<string> {
  const uploads = uploadsIn(root);
  try {
    await makeFolder(uploads, 0o700);
    return await mkdtemp(join(uploads, 'up-'));
  } catch (error) {
    throw uploadsUnwritable(uploads, error);
  }
}

/** @returns the error as it is if no folder is at fault */
export function uploadsUnwritable(uploads: string, error: unknown): unknown {
  if (isOutOfFiles(error)) return error;
  return new AppError('UPLOADS_UNWRITABLE', `${uploads} cannot be written: ${whyUnwritable(error)}.`, {
    cause: error,
  });
}

/**
 * What the file system said in the middle of an upload, or of a change of what was uploaded.
 * @returns undefined if it says something of the upload
 */
export function explainFiles(error: unknown): AppError | undefined {
  if (isOfDisk(error))
    return new AppError('UPLOADS_UNWRITABLE', `Not everything can be written: ${whyUnwritable(error)}.`, {
      cause: error,
    });
  if (!isOutOfFiles(error)) return undefined;
  return new AppError('SERVER_BUSY', 'The server may open no more files now.', {
    cause: error,
    hint: 'Wait for as long as Retry-After says. If that does not help, let `onboard serve` have more files open (ulimit -n).',
  });
}

/** Leaves nothing behind. No fault where nothing is uploaded: a machine may have only workers. */
export async function checkUploads(root: string): Promise<Finding> {
  const what = 'uploads';
  const uploads = uploadsIn(root);
  try {
    const isThere = await tryFolder(uploads);
    return { what, isOk: true, text: isThere ? root : `${root} (not made yet)` };
  } catch (error) {
    const unwritable = uploadsUnwritable(uploads, error);
    if (!(unwritable instanceof AppError)) throw error;
    return { what, isOk: true, isNote: true, text: unwritable.message, hint: unwritable.hint };
  }
}

/** For a server that starts: the rest of it works. */
export async function warnOfUploads(root: string, logger: Logger): Promise<void> {
  const { isNote, text, hint } = await checkUploads(root);
  if (isNote) logger.warn({ event: 'uploads_unwritable', hint }, `nothing can be uploaded: ${text}`);
}
