/** Which format a source has. Pure. */
import { extname } from 'node:path';

export const SOURCE_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

const FORMATS_BY_EXTENSION: Record<string, SourceFormat> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.xlsx': 'xlsx',
};

/** The format of a file by its extension; CSV if the extension is unknown. */
export function formatOf(path: string): SourceFormat {
  return FORMATS_BY_EXTENSION[extname(path).toLowerCase()] ?? 'csv';
}
