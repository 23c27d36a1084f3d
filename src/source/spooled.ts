/** A workbook from a stream as a file that can be read anywhere: a zip has its table of contents at the end. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { tooLarge } from './xlsx/refusals.ts';

/**
 * Copies a stream into a file that has no name, and so is gone however the process ends. The caller closes it.
 * @throws AppError INPUT_XLSX if there are more bytes than allowed; at most these are written
 */
export async function spoolBytes(input: Readable, bytesMax: number): Promise<FileHandle> {
  const directory = await mkdtemp(join(tmpdir(), 'onboard-'));
  const file = await open(join(directory, 'source'), 'wx+', 0o600);
  try {
    await rm(directory, { recursive: true });
    let bytes = 0;
    for await (const chunk of input as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw tooLarge(`the file has more than ${bytesMax / 1024 / 1024} MB`);
      await file.write(chunk);
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
