/**
 * Checks a whole source before any of it is enqueued. Good rows go to a spool, problems to a callback; neither
 * is held in memory, so a million rows need no more of it than a thousand.
 */
import { createHash } from 'node:crypto';
import type { Columns } from '../customer/columns.ts';
import { FirstSeen } from '../customer/duplicates.ts';
import { digestIn } from '../customer/fingerprint.ts';
import type { HeaderOptions } from '../customer/header.ts';
import type { RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { SourceRow } from '../source/row.ts';
import { type CheckContext, checkRows } from './check-rows.ts';
import type { SpooledRow } from './spool.ts';
import { openTable } from './table.ts';

/** Most rows of one batch. */
export const ROWS_MAX = 5_000_000;

/** Most text of a chunk, in characters, unless a single row has more: rows may be long, and a chunk is in memory. */
const CHUNK_LENGTH_MAX = 8 * 1024 * 1024;

/** Receives each bad row with everything that is wrong with it. */
export type InvalidRowSink = (
  row: SourceRow,
  problems: readonly RowProblem[],
  columns: Columns,
  /** Its number, counted from 1. */
  number: number,
) => Promise<void> | void;

/** Receives what should be looked at in rows that are good. */
export type WarningSink = (warnings: readonly RowProblem[]) => Promise<void> | void;

export interface ValidationSinks {
  good(rows: SpooledRow[]): Promise<void>;
  bad: InvalidRowSink;
  warn?: WarningSink | undefined;
}

export interface ValidationInput
  extends Pick<CheckContext, 'folder' | 'findBusy' | 'strictPdf'>,
    HeaderOptions {
  source: AsyncIterable<SourceRow>;
  /** Called with what was recognised in the header, as soon as that is found. */
  onHeader?: ((notes: string[]) => void) | undefined;
}

export interface ValidationSummary {
  columns: Columns;
  rows: number;
  good: number;
  bad: number;
  problems: number;
  /** Of good rows. */
  warnings: number;
  /** Identity of the good rows, in their order. */
  sourceKey: string;
}

/** @throws AppError INPUT_… if the source as a whole cannot be read. */
export async function validateSource(
  { source, folder, findBusy, strictPdf, onHeader, ...header }: ValidationInput,
  sinks: ValidationSinks,
): Promise<ValidationSummary> {
  const { columns, notes, rows } = await openTable(source, header);
  onHeader?.(notes);
  const identity = createHash('sha256');
  const context = { columns, folder, findBusy, strictPdf, seen: new FirstSeen() };
  const summary = { columns, rows: 0, good: 0, bad: 0, problems: 0, warnings: 0 };

  for await (const chunk of inChunks(rows)) {
    const first = summary.rows + 1;
    summary.rows += chunk.length;
    if (summary.rows > ROWS_MAX) throw tooManyRows(ROWS_MAX);
    const checked = await checkRows(context, chunk, first);
    const good = checked.flatMap((row) => row.good ?? []);
    const warnings = checked.flatMap((row) => row.warnings);
    summary.warnings += warnings.length;
    if (warnings.length > 0) await sinks.warn?.(warnings);
    for (const row of good) identity.update(`${row.row} ${digestIn(row.fingerprint)}\n`);
    for (const [index, { source: bad, problems, good: isGood }] of checked.entries()) {
      if (isGood !== undefined) continue;
      summary.problems += problems.length;
      await sinks.bad(bad, problems, columns, first + index);
    }
    summary.good += good.length;
    summary.bad += checked.length - good.length;
    await sinks.good(good);
  }
  if (summary.rows === 0) throw new AppError('INPUT_EMPTY', 'The file has a header but no rows.');
  return { ...summary, sourceKey: identity.digest('base64url') };
}

export const tooManyRows = (rowsMax: number) =>
  new AppError('INPUT_TOO_MANY_ROWS', `The file has more than ${rowsMax} rows.`);

async function* inChunks(rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow[]> {
  let chunk: SourceRow[] = [];
  let length = 0;
  for await (const row of rows) {
    chunk.push(row);
    for (const value of row.values) length += value.length;
    if (chunk.length < CHUNK_ROWS && length < CHUNK_LENGTH_MAX) continue;
    yield chunk;
    chunk = [];
    length = 0;
  }
  if (chunk.length > 0) yield chunk;
}
