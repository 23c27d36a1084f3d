/** Where rows come from: a file or standard input, in one of three formats, all read as the same stream of rows. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import { readCsv } from './csv.ts';
import { readNdjson } from './ndjson.ts';
import { readXlsx } from './xlsx.ts';

export const SOURCE_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

export interface TextOptions {
  /** Any label of the WHATWG Encoding Standard, such as `utf-8` or `gb18030`. */
  encoding: string;
  /** Of the columns; only for CSV. */
  delimiter: string;
}

export interface SourceRow {
  /** Line of the file (row of the sheet) on which the record begins, counted from 1. */
  line: number;
  values: string[];
}

const READERS: Record<SourceFormat, (input: Readable, options: TextOptions) => AsyncGenerator<SourceRow>> = {
  csv: readCsv,
  ndjson: readNdjson,
  xlsx: readXlsx,
};

const EXTENSIONS: Record<string, SourceFormat> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  xlsx: 'xlsx',
};
const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a source. The first row that it yields is the header.
 * @param path `-` for standard input
 * @param format taken from the file's extension where it is not given; CSV where that tells nothing
 * @throws AppError INPUT_UNREADABLE
 */
export async function* openSource(
  path: string,
  format: SourceFormat | undefined,
  options: TextOptions,
): AsyncGenerator<SourceRow> {
  const chosen = format ?? EXTENSIONS[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'csv';
  const input = path === '-' ? process.stdin : await openFile(path);
  try {
    yield* READERS[chosen](input, options);
  } finally {
    input.destroy();
  }
}

async function openFile(path: string): Promise<Readable> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new AppError(
      'INPUT_UNREADABLE',
      `${path}: ${error.code === 'ENOENT' ? 'no such file' : 'not readable'}.`,
    );
  });
  if (facts.isDirectory()) throw new AppError('INPUT_UNREADABLE', `${path}: is a directory.`);
  return createReadStream(path, { highWaterMark: CHUNK_BYTES });
}
