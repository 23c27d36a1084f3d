/** Drafts as they lie on disk, without a server. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenDraft } from '../../src/draft/drafts.ts';
import type { CustomerRow } from './customers.ts';
import { agreementOf, csvOf } from './uploads.ts';

/** A folder as an upload leaves it. @param agreements names of files, each for one of the rows or nobody */
export async function makeUploadFolder(
  folder: string,
  rows: readonly CustomerRow[],
  agreements: readonly string[] = [],
): Promise<string> {
  for (const part of ['table', 'agreements']) await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, 'table', 'c.csv'), csvOf(rows));
  const contents = agreements.map((name) => [name, agreementOf({ CustSpaceId: name })] as const);
  for (const [name, content] of contents) await writeFile(join(folder, 'agreements', name), content);
  return folder;
}

/** A draft without corrections in a folder of `makeUploadFolder`. */
export function draftIn(folder: string): OpenDraft {
  const paths = { folder, table: join(folder, 'table', 'c.csv'), agreements: join(folder, 'agreements') };
  const kept = { id: 'draft', name: 'c.csv', created: 0, options: {}, remarks: [], cells: {}, leftOut: [] };
  return { ...kept, ...paths, revision: 0, expires: 0 };
}
