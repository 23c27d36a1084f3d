/**
 * Checks a whole source before any of it is enqueued. Good rows go to a spool, problems to a callback; neither
 * is held in memory, so a million rows need no more of it than a thousand.
 */
import { createHash } from 'node:crypto';
import { type Columns, parseColumns } from '../customer/columns.ts';
import { FirstSeen } from '../customer/duplicates.ts';
import { digestIn } from '../customer/fingerprint.ts';
import type { RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { SourceRow } from '../source/row.ts';
import { type CheckContext, checkRows } from './check-rows.ts';
import type { SpooledRow } from './spool.ts';

/** Most rows of one batch. */
const ROWS_MAX = 5_000_000;

/** Receives each bad row with everything that is wrong with it. */
export type InvalidRowSink = (
  row: SourceRow,
  problems: readonly RowProblem[],
  columns: Columns,
) => Promise<void> | void;

/** Receives what should be looked at in rows that are good. */
export type WarningSink = (warnings: readonly RowProblem[]) => Promise<void> | void;

export interface ValidationSinks {
  good(rows: SpooledRow[]): Promise<void>;
  bad: InvalidRowSink;
  warn?: WarningSink | undefined;
}

export interface ValidationInput extends Pick<CheckContext, 'folder' | 'findBusy' | 'strictPdf'> {
  source: AsyncIterable<SourceRow>;
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
  { source, folder, findBusy, strictPdf }: ValidationInput,
  sinks: ValidationSinks,
): Promise<ValidationSummary> {
  const rows = source[Symbol.asyncIterator]();
  const columns = await readHeader(rows);
  const identity = createHash('sha256');
  const context = { columns, folder, findBusy, strictPdf, seen: new FirstSeen() };
  const summary = { columns, rows: 0, good: 0, bad: 0, problems: 0, warnings: 0 };

  for await (const chunk of inChunks({ [Symbol.asyncIterator]: () => rows }, CHUNK_ROWS)) {
    const first = summary.rows + 1;
    summary.rows += chunk.length;
    if (summary.rows > ROWS_MAX)
      throw new AppError('INPUT_TOO_MANY_ROWS', `The file has more than ${ROWS_MAX} rows.`);
    const checked = await checkRows(context, chunk, first);
    const good = checked.flatMap((row) => row.good ?? []);
    const warnings = checked.flatMap((row) => row.warnings);
    summary.warnings += warnings.length;
    if (warnings.length > 0) await sinks.warn?.(warnings);
    for (const row of good) identity.update(`${row.row} ${digestIn(row.fingerprint)}\n`);
    for (const { source: bad, problems } of checked.filter((row) => row.good === undefined)) {
      summary.problems += problems.length;
      await sinks.bad(bad, problems, columns);
    }
    summary.good += good.length;
    summary.bad += checked.length - good.length;
    await sinks.good(good);
  }
  if (summary.rows === 0) throw new AppError('INPUT_EMPTY', 'The file has a header but no rows.');
  return { ...summary, sourceKey: identity.digest('base64url') };
}

async function readHeader(rows: AsyncIterator<SourceRow>): Promise<Columns> {
  const header = await rows.next();
  if (header.done) throw new AppError('INPUT_EMPTY', 'The file is empty; it has no header line.');
  return parseColumns(header.value.values);
}

async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
