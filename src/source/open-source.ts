/** Where rows come from: a file or a stream, in one of three formats, all read as the same stream of rows. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import { readCsv } from './csv.ts';
import { detectFormat, type SourceFormat } from './detect.ts';
import { withoutFormulaQuotes } from './formula-quote.ts';
import { readNdjson } from './ndjson.ts';
import { peek } from './peek.ts';
import type { SourceRow, TextOptions } from './row.ts';
import { HEAD_BYTES } from './signatures.ts';
import { readXlsx, type XlsxOptions } from './xlsx.ts';

const READERS: Record<SourceFormat, (input: Readable, options: ReaderOptions) => AsyncGenerator<SourceRow>> =
  {
    csv: readCsv,
    ndjson: readNdjson,
    xlsx: readXlsx,
  };
const CHUNK_BYTES = 256 * 1024;

/** A file, or a stream of bytes, which is destroyed when the rows end or are no longer wanted. */
export type SourceOrigin = { path: string } | { stream: Readable };

type ReaderOptions = TextOptions & XlsxOptions;

export interface SourceOptions extends ReaderOptions {
  /** By default what the first bytes say, then the file's extension; CSV if neither is known. */
  format?: SourceFormat | undefined;
}

/**
 * Opens a source. The first row that it yields is the header.
 * @throws AppError INPUT_UNREADABLE, INPUT_FORMAT, USAGE, and what its format's reader throws
 */
export async function* openSource(from: SourceOrigin, options: SourceOptions): AsyncGenerator<SourceRow> {
  const path = 'path' in from ? from.path : undefined;
  const input = 'path' in from ? await openFile(from.path) : from.stream;
  try {
    const { head, rest } = await peek(input, HEAD_BYTES);
    const format = detectFormat(head, { format: options.format, path });
    if (options.sheet !== undefined && format !== 'xlsx')
      throw new AppError('USAGE', '--sheet is for workbooks, and the file is none.');
    const rows = READERS[format](rest, options);
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
