/**
 * What is kept of a draft beside the files as they were uploaded: how they are read, and what a person has corrected. It is
 * written aside and renamed, so a process that is killed leaves the draft as it was before or after a change.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { INPUT_FIELDS } from '../customer/fields.ts';

const NAME = 'draft.json';

const draftSchema = z.object({
  id: z.string(),
  /** For people: name of the file. */
  name: z.string(),
  /** Milliseconds since 1970. */
  created: z.number(),
  /** How it is read and what becomes of it, as it was uploaded; checked by whoever took it. */
  options: z.record(z.string(), z.unknown()),
  /** What was said of its archives. */
  remarks: z.array(z.string()),
  /** By number of the row: what its cells are now. */
  cells: z.record(z.string(), z.partialRecord(z.enum(INPUT_FIELDS), z.string())),
  /** Numbers of rows that are not wanted, in order. */
  leftOut: z.array(z.number()),
  /** How often it was changed: files are changed, too. */
  revision: z.number().default(0),
  /** Folder beside it whose agreements belong to it, if they were not moved there yet; it names the last ones that came. */
  adding: z.string().optional(),
  /** Id of the batch that was made of it. */
  batch: z.string().optional(),
});
export type DraftFile = z.output<typeof draftSchema>;

/** @returns undefined if there is none in this folder */
export async function readDraft(folder: string): Promise<DraftFile | undefined> {
  const text = await readFile(join(folder, NAME), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  return text === undefined ? undefined : draftSchema.parse(JSON.parse(text));
}

export async function writeDraft(folder: string, draft: DraftFile): Promise<void> {
  const aside = join(folder, `${NAME}.${randomUUID()}`);
  try {
    await writeFile(aside, JSON.stringify(draft), { mode: 0o600, flush: true });
    await rename(aside, join(folder, NAME));
  } finally {
    await rm(aside, { force: true });
  }
}
