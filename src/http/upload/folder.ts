/** A folder for one upload, which nobody else can read, and which is gone when the request is over. */
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeUploadFolder } from '../../draft/uploads-folder.ts';

const REMOVALS_MAX = 5;

/** Folders of requests that are under way; there may be hundreds, and one listener for all. */
const open = new Set<string>();
const removeAll = () => {
  for (const path of open) rmSync(path, { recursive: true, force: true });
};

export interface UploadFolder extends AsyncDisposable {
  path: string;
  /** The agreements, and nothing else. */
  agreements: string;
  /** The file of customers, under its own name. */
  table: string;
}

/** @throws AppError UPLOADS_UNWRITABLE */
export async function openUploadFolder(root: string): Promise<UploadFolder> {
  const path = await makeUploadFolder(root);
  if (open.size === 0) process.once('exit', removeAll);
  open.add(path);
  const dispose = async () => {
    try {
      // A stream that was given up may still make its file.
      await rm(path, { recursive: true, force: true, maxRetries: REMOVALS_MAX });
    } finally {
      open.delete(path);
      if (open.size === 0) process.off('exit', removeAll);
    }
  };
  const [agreements, table] = [join(path, 'agreements'), join(path, 'table')];
  try {
    for (const folder of [agreements, table]) await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { path, agreements, table, [Symbol.asyncDispose]: dispose };
}
