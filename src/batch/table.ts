/** A source as a table: its header found, and the rows below it. */
import type { Columns } from '../customer/columns.ts';
import { findHeader, HEADER_ROWS_MAX, type HeaderOptions, isHeaderAgain } from '../customer/header.ts';
import { AppError } from '../errors.ts';
import type { SourceRow } from '../source/row.ts';

export interface Table {
  /** Line of the header; 0 where the keys of objects are. */
  line: number;
  columns: Columns;
  /** What was recognised in the header that a person did not write so. */
  notes: string[];
  rows: AsyncGenerator<SourceRow>;
}

/** @throws AppError INPUT_HEADER, INPUT_EMPTY, USAGE, and what the source throws */
export async function openTable(source: AsyncIterable<SourceRow>, options: HeaderOptions): Promise<Table> {
  const rows = source[Symbol.asyncIterator]();
  const first = await readFirst(rows, options);
  const { columns, notes, index } = findHeader(first, options);
  const line = first[index]?.line ?? 0;
  return { columns, notes, line, rows: rowsBelow(columns, first.slice(index + 1), rows) };
}

/** The rows among which the header is sought; with `headerRow`, that row alone, or the first one beyond it. */
async function readFirst(rows: AsyncIterator<SourceRow>, { headerRow }: HeaderOptions): Promise<SourceRow[]> {
  const first: SourceRow[] = [];
  while (first.length < HEADER_ROWS_MAX) {
    const next = await rows.next();
    if (next.done) break;
    if (headerRow === undefined) first.push(next.value);
    else if (next.value.line === 0)
      throw new AppError('USAGE', 'In NDJSON the keys name the columns: leave out --header-row.');
    else if (next.value.line >= headerRow) return [next.value];
  }
  if (headerRow !== undefined)
    throw new AppError('INPUT_HEADER', `The file ends before line ${headerRow}, where its header should be.`);
  return first;
}

async function* rowsBelow(
  columns: Columns,
  first: readonly SourceRow[],
  rows: AsyncIterator<SourceRow>,
): AsyncGenerator<SourceRow> {
  for (const row of first) if (!isHeaderAgain(columns, row)) yield row;
  for (let next = await rows.next(); !next.done; next = await rows.next())
    if (!isHeaderAgain(columns, next.value)) yield next.value;
}
