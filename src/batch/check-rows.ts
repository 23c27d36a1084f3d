/** Checks a chunk of rows against everything that is not in the row itself: its file, other rows, other batches. */
import type { AgreementFolder } from '../agreement/folder.ts';
import { keepCells } from '../customer/cells.ts';
import { type Columns, describeColumn } from '../customer/columns.ts';
import type { FirstSeen } from '../customer/duplicates.ts';
import type { CustomerInput } from '../customer/fields.ts';
import { fingerprintOf } from '../customer/fingerprint.ts';
import { explainRefused, withoutRefused } from '../customer/refused-cells.ts';
import { checkRow, type RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import type { SourceRow } from '../source/row.ts';
import type { SpooledRow } from './spool.ts';

export interface CheckContext {
  columns: Columns;
  folder: AgreementFolder;
  seen: FirstSeen;
  /** Finds rows of which another batch is sending other data, by number; a check without Redis passes nothing. */
  findBusy?: (rows: readonly SpooledRow[]) => Promise<number[]>;
}

export interface CheckedRow {
  source: SourceRow;
  good?: SpooledRow;
  problems: RowProblem[];
}

/** @param first number of the first row of the chunk */
export async function checkRows(
  context: CheckContext,
  chunk: readonly SourceRow[],
  first: number,
): Promise<CheckedRow[]> {
  // The files of a chunk are read concurrently; rows keep their order.
  const checked = await Promise.all(chunk.map((source, index) => checkOne(context, source, first + index)));
  const good = checked.flatMap((row) => row.good ?? []);
  const isBusy = new Set(await context.findBusy?.(good));
  return checked.map((row) =>
    row.good && isBusy.has(row.good.row) ? refuseBusy(context.columns, row.source) : row,
  );
}

async function checkOne(context: CheckContext, given: SourceRow, row: number): Promise<CheckedRow> {
  const { columns, seen, folder } = context;
  const source = withoutRefused(columns, given);
  const check = checkRow(columns, source);
  const problems = explainRefused(columns, given, check.problems);
  const custSpaceId = check.input?.CustSpaceId ?? source.values[columns.indexOf.CustSpaceId]?.trim() ?? '';
  problems.push(...duplicateProblem({ columns, seen }, custSpaceId, source.line));
  const agreement = check.input?.IsvTerms ?? source.values[columns.indexOf.IsvTerms]?.trim() ?? '';
  const file =
    agreement === ''
      ? undefined
      : await folder.check(agreement).catch((error: unknown) => asProblem(columns, source.line, error));
  if (file && 'code' in file) problems.push(file);
  if (check.input === undefined || problems.length > 0 || file === undefined || 'code' in file)
    return { source, problems };
  return { source, problems, good: toRow(columns, { row, source, input: check.input, sha256: file.sha256 }) };
}

interface GoodRow {
  row: number;
  source: SourceRow;
  input: CustomerInput;
  sha256: string;
}

function toRow(columns: Columns, { row, source, input, sha256 }: GoodRow): SpooledRow {
  return {
    row,
    custSpaceId: input.CustSpaceId,
    fingerprint: fingerprintOf(input, sha256),
    input: { line: source.line, sha256, ...keepCells(columns, source.values, input) },
    agreement: input.IsvTerms,
  };
}

function duplicateProblem(
  { columns, seen }: Pick<CheckContext, 'columns' | 'seen'>,
  custSpaceId: string,
  line: number,
): RowProblem[] {
  const earlier = custSpaceId === '' ? undefined : seen.add(custSpaceId, line);
  if (earlier === undefined) return [];
  const column = describeColumn(columns, 'CustSpaceId');
  return [{ line, column, code: 'DUPLICATE_CUSTOMER', message: `is already on line ${earlier}` }];
}

function asProblem(columns: Columns, line: number, error: unknown): RowProblem {
  if (!(error instanceof AppError)) throw error;
  return { line, column: describeColumn(columns, 'IsvTerms'), code: error.code, message: error.message };
}

function refuseBusy(columns: Columns, source: SourceRow): CheckedRow {
  const message = 'is pending in another batch with different data';
  const column = describeColumn(columns, 'CustSpaceId');
  return { source, problems: [{ line: source.line, column, code: 'CUSTOMER_BUSY', message }] };
}
