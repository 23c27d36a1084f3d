/**
 * Checks a whole source before anything of it is enqueued. Good rows go to a spool, problems to a callback; neither
 * is held in memory, so a million rows need no more of it than a thousand.
 */
import { createHash } from 'node:crypto';
import type { AgreementFolder } from '../agreement/folder.ts';
import { type Columns, describeColumn, parseColumns } from '../customer/columns.ts';
import { FirstSeen } from '../customer/duplicates.ts';
import type { CustomerInput } from '../customer/fields.ts';
import { fingerprintOf } from '../customer/fingerprint.ts';
import { checkRow, type RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import type { CustomerRecord } from '../ledger/records.ts';
import { CHUNK_ROWS, type NewRow } from '../ledger/row-store.ts';
import type { SourceRow } from '../source/row.ts';

/** Most rows of one batch. */
const ROWS_MAX = 5_000_000;

/** A good row on its way into a batch. */
export interface SpooledRow extends NewRow {
  /** Name of the agreement in the folder. */
  agreement: string;
}

export interface ValidationSinks {
  good(rows: SpooledRow[]): Promise<void>;
  /** A bad row with everything that is wrong with it. */
  bad(row: SourceRow, problems: RowProblem[], columns: Columns): Promise<void>;
}

export interface ValidationInput {
  source: AsyncIterable<SourceRow>;
  folder: AgreementFolder;
  /** What earlier batches know of customers; a check without Redis passes nothing. */
  readCustomers?: (ids: readonly string[]) => Promise<(CustomerRecord | undefined)[]>;
}

export interface ValidationSummary {
  columns: Columns;
  rows: number;
  good: number;
  bad: number;
  problems: number;
  /** Identity of the good rows, in their order. */
  sourceKey: string;
}

/** @throws AppError INPUT_… where the source as a whole cannot be read. */
export async function validateSource(
  input: ValidationInput,
  sinks: ValidationSinks,
): Promise<ValidationSummary> {
  const rows = input.source[Symbol.asyncIterator]();
  const header = await rows.next();
  if (header.done) throw new AppError('INPUT_EMPTY', 'The file is empty: there is not even a header line.');
  const columns = parseColumns(header.value.values);
  const identity = createHash('sha256');
  const seen = new FirstSeen();
  const summary = { columns, rows: 0, good: 0, bad: 0, problems: 0, sourceKey: '' };

  for await (const chunk of inChunks({ [Symbol.asyncIterator]: () => rows }, CHUNK_ROWS)) {
    const first = summary.rows + 1;
    summary.rows += chunk.length;
    if (summary.rows > ROWS_MAX)
      throw new AppError('INPUT_TOO_MANY_ROWS', `The file has more than ${ROWS_MAX} rows.`);
    const checked = await checkChunk({ columns, seen, ...input }, chunk, first);
    const good = checked.flatMap((row) => row.good ?? []);
    for (const row of good) identity.update(`${row.row} ${row.fingerprint}\n`);
    for (const { source, problems } of checked.filter((row) => row.good === undefined)) {
      summary.problems += problems.length;
      await sinks.bad(source, problems, columns);
    }
    summary.good += good.length;
    summary.bad += checked.length - good.length;
    await sinks.good(good);
  }
  if (summary.rows === 0) throw new AppError('INPUT_EMPTY', 'The file has a header and no rows.');
  return { ...summary, sourceKey: identity.digest('base64url') };
}

interface CheckedRow {
  source: SourceRow;
  good?: SpooledRow;
  problems: RowProblem[];
}

interface ChunkContext extends Pick<ValidationInput, 'folder' | 'readCustomers'> {
  columns: Columns;
  seen: FirstSeen;
}

async function checkChunk(context: ChunkContext, chunk: SourceRow[], first: number): Promise<CheckedRow[]> {
  // The files of a chunk are read side by side; rows keep their order.
  const checked = await Promise.all(chunk.map((source, index) => checkOne(context, source, first + index)));
  const good = checked.flatMap((row) => row.good ?? []);
  const known = await context.readCustomers?.(good.map((row) => row.custSpaceId));
  const isBusy = new Set(
    good.filter((row, index) => isPendingWithOtherData(known?.[index], row)).map((row) => row.row),
  );
  return checked.map((row) =>
    row.good && isBusy.has(row.good.row) ? refuseBusy(context.columns, row.source) : row,
  );
}

async function checkOne(context: ChunkContext, source: SourceRow, row: number): Promise<CheckedRow> {
  const { columns, seen, folder } = context;
  const check = checkRow(columns, source);
  const problems: RowProblem[] = [...check.problems];
  const custSpaceId = check.input?.CustSpaceId ?? source.values[columns.indexOf.CustSpaceId]?.trim() ?? '';
  problems.push(...duplicateProblem(columns, seen, custSpaceId, source.line));
  const agreement = check.input?.IsvTerms ?? source.values[columns.indexOf.IsvTerms]?.trim() ?? '';
  const file =
    agreement === ''
      ? undefined
      : await folder.check(agreement).catch((error: unknown) => asProblem(columns, source.line, error));
  if (file && 'code' in file) problems.push(file);
  if (check.input === undefined || problems.length > 0 || file === undefined || 'code' in file)
    return { source, problems };
  return { source, problems, good: toRow(row, source, check.input, file.sha256) };
}

function toRow(row: number, source: SourceRow, input: CustomerInput, sha256: string): SpooledRow {
  return {
    row,
    custSpaceId: input.CustSpaceId,
    fingerprint: fingerprintOf(input, sha256),
    input: { line: source.line, values: source.values, sha256 },
    agreement: input.IsvTerms,
  };
}

function duplicateProblem(
  columns: Columns,
  seen: FirstSeen,
  custSpaceId: string,
  line: number,
): RowProblem[] {
  const earlier = custSpaceId === '' ? undefined : seen.add(custSpaceId, line);
  if (earlier === undefined) return [];
  const column = describeColumn(columns, 'CustSpaceId');
  return [{ line, column, code: 'DUPLICATE_CUSTOMER', message: `stands on line ${earlier} already` }];
}

function asProblem(columns: Columns, line: number, error: unknown): RowProblem {
  if (!(error instanceof AppError)) throw error;
  return { line, column: describeColumn(columns, 'IsvTerms'), code: error.code, message: error.message };
}

function isPendingWithOtherData(known: CustomerRecord | undefined, row: SpooledRow): boolean {
  return known !== undefined && known.outcome === 'pending' && known.fingerprint !== row.fingerprint;
}

function refuseBusy(columns: Columns, source: SourceRow): CheckedRow {
  const message = 'is pending in another batch with other data';
  const column = describeColumn(columns, 'CustSpaceId');
  return { source, problems: [{ line: source.line, column, code: 'CUSTOMER_BUSY', message }] };
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
