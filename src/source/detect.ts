/** Which format a source has: by its first bytes, and by its name where they leave a choice. Pure. */
import { extname } from 'node:path';
import { AppError } from '../errors.ts';
import { formatRefused, readSignature } from './signatures.ts';

export const SOURCE_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

const FORMATS_BY_EXTENSION: Record<string, SourceFormat> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.xlsx': 'xlsx',
  '.xlsm': 'xlsx',
};

/** The format of a file by its extension; CSV if the extension is unknown. */
export function formatOf(path: string): SourceFormat {
  return FORMATS_BY_EXTENSION[extname(path).toLowerCase()] ?? 'csv';
}

export interface DetectOptions {
  /** What a person said. */
  format?: SourceFormat | undefined;
  path?: string | undefined;
}

/**
 * @param head the first bytes of the source
 * @throws AppError INPUT_FORMAT that names a format which is not read, and says what to save instead; INPUT_XLSX for text
 *   that only calls itself a workbook
 */
export function detectFormat(head: Buffer, { format, path }: DetectOptions): SourceFormat {
  const signature = readSignature(head);
  if (signature.kind === 'refused' && !(signature.isText && format === 'csv')) throw signature.refusal;
  if (signature.kind === 'zip') {
    if (format === undefined || format === 'xlsx') return 'xlsx';
    throw formatRefused(`a workbook or another zip archive, not ${format}`, 'Leave out --format.');
  }
  const named = format ?? (path === undefined ? undefined : formatOf(path));
  if (named === 'xlsx') {
    const what = head.length === 0 ? 'it is empty' : 'it does not begin as one';
    throw new AppError('INPUT_XLSX', `The file is not an XLSX workbook: ${what}.`, {
      hint: 'If it is text with a wrong name, say so: --format csv. Otherwise export it again.',
    });
  }
  if (signature.kind === 'object') return format ?? 'ndjson';
  return named ?? 'csv';
}
