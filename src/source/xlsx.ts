/** Reads the first sheet of an XLSX file. A sheet cannot be streamed, so the file is bounded. */
import type { Readable } from 'node:stream';
import { readSheet } from 'read-excel-file/node';
import { AppError } from '../errors.ts';
import type { SourceRow } from './row.ts';

/** Largest file, in bytes: about 200,000 customers. */
const FILE_BYTES_MAX = 20 * 1024 * 1024;

/** @throws AppError INPUT_XLSX */
export async function* readXlsx(input: Readable): AsyncGenerator<SourceRow> {
  const content = await readBounded(input);
  const rows = await readSheet(content).catch((error: unknown) => {
    throw new AppError('INPUT_XLSX', 'The file is not an XLSX workbook, or it is damaged.', { cause: error });
  });
  for (const [index, cells] of rows.entries()) {
    const values = cells.map(textOf);
    if (values.some((value) => value !== '')) yield { line: index + 1, values };
  }
}

async function readBounded(input: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > FILE_BYTES_MAX)
      throw new AppError(
        'INPUT_XLSX',
        `The workbook has more than ${FILE_BYTES_MAX / 1024 / 1024} MB; save it as CSV, which has no limit.`,
      );
  }
  return Buffer.concat(chunks);
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
}
