/** The format of a file that a person names. Pure. */
import { extname } from 'node:path';
import type { ResultFormat } from './table-writer.ts';

const FORMATS_BY_EXTENSION: Record<string, ResultFormat> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.xlsx': 'xlsx',
};

/** By the extension; CSV if it is another one, or there is no file. */
export function resultFormatOf(path: string | undefined): ResultFormat {
  return FORMATS_BY_EXTENSION[extname(path ?? '').toLowerCase()] ?? 'csv';
}
