/** The names of all files below a folder, as bytes: not every name is UTF-8. */
import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { NameIndex, readingsOf } from './name-index.ts';

/** Most entries that are read; a folder with more was hardly made for an import. */
export const LISTED_MAX = 200_000;
const READ_AT_A_TIME = 256;
const SLASH = Buffer.from('/');

export interface Listing {
  /** By their paths below the folder; finds the path of each on disk. */
  index: NameIndex<Buffer>;
  /** False if there were too many. */
  isComplete: boolean;
}

/** Links to folders are not followed. A folder that may not be read is as good as empty. */
export async function listFiles(root: string): Promise<Listing> {
  const index = new NameIndex<Buffer>();
  const folders = [{ path: Buffer.from(root), shown: [''] }];
  let listed = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of entriesOf(folder.path)) {
      if (++listed > LISTED_MAX) return { index, isComplete: false };
      const path = Buffer.concat([folder.path, SLASH, entry.name]);
      const readings = readingsOf(entry.name);
      const shown = folder.shown.flatMap((above) => readings.map((name) => `${above}${name}`));
      if (entry.isDirectory()) folders.push({ path, shown: shown.map((name) => `${name}/`) });
      else index.add(shown, path);
    }
  }
  return { index, isComplete: true };
}

type Entry = Omit<Dirent, 'name'> & { name: Buffer };

async function* entriesOf(path: Buffer): AsyncGenerator<Entry> {
  // Names as bytes are documented, but not in the types.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: READ_AT_A_TIME };
  const folder = await opendir(path, options).catch(() => undefined);
  if (folder === undefined) return;
  for await (const entry of folder) yield entry as unknown as Entry;
}
