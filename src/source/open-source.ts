/** Where rows come from: a file or a stream, in one of three formats, all read as the same stream of rows. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import { readCsv } from './csv.ts';
import { formatOf, type SourceFormat } from './detect.ts';
import { withoutFormulaQuotes } from './formula-quote.ts';
import { readNdjson } from './ndjson.ts';
import type { SourceRow, TextOptions } from './row.ts';
import { readXlsx } from './xlsx.ts';

const READERS: Record<SourceFormat, (input: Readable, options: TextOptions) => AsyncGenerator<SourceRow>> = {
  csv: readCsv,
  ndjson: readNdjson,
  xlsx: readXlsx,
};
const CHUNK_BYTES = 256 * 1024;

/** A file, or a stream of bytes, which is destroyed when the rows end or are no longer wanted. */
export type SourceOrigin = { path: string } | { stream: Readable };

export interface SourceOptions extends TextOptions {
  /** By default that of the file's extension, or CSV if the extension is unknown. */
  format?: SourceFormat | undefined;
}

/**
 * Opens a source. The first row that it yields is the header.
 * @throws AppError INPUT_UNREADABLE, and what its format's reader throws
 */
export async function* openSource(from: SourceOrigin, options: SourceOptions): AsyncGenerator<SourceRow> {
  const format = options.format ?? ('path' in from ? formatOf(from.path) : 'csv');
  const input = 'path' in from ? await openFile(from.path) : from.stream;
  try {
    const rows = READERS[format](input, options);
    yield* format === 'ndjson' ? rows : withoutFormulaQuotes(rows);
  } finally {
    input.destroy();
  }
}

async function openFile(path: string): Promise<Readable> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'no such file' : 'cannot be read';
    throw new AppError('INPUT_UNREADABLE', `${path}: ${what}.`);
  });
  if (facts.isDirectory()) throw new AppError('INPUT_UNREADABLE', `${path} is a directory.`);
  return createReadStream(path, { highWaterMark: CHUNK_BYTES });
}
