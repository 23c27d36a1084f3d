/** Checks a chunk of rows against everything that is not in the row itself: its file, other rows, other batches. */
import type { AgreementFolder } from '../agreement/folder.ts';
import { keepCells } from '../customer/cells.ts';
import { type Columns, describeColumn } from '../customer/columns.ts';
import type { FirstSeen } from '../customer/duplicates.ts';
import type { CustomerInput } from '../customer/fields.ts';
import { fingerprintOf } from '../customer/fingerprint.ts';
import { explainRefused, withoutRefused } from '../customer/refused-cells.ts';
import { checkRow, type RowCheck, type RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import type { SourceRow } from '../source/row.ts';
import type { SpooledRow } from './spool.ts';

export interface CheckContext {
  columns: Columns;
  folder: AgreementFolder;
  /** Told every customer in the order of the rows; says on which earlier line it is. */
  seen: Pick<FirstSeen, 'add'>;
  /** Whether an agreement that will probably not open is a problem; otherwise it is a warning. */
  strictPdf?: boolean | undefined;
  /** Finds rows of which another batch is sending other data, by number; a check without Redis passes nothing. */
  findBusy?: (rows: readonly SpooledRow[]) => Promise<number[]>;
}

export interface CheckedRow {
  source: SourceRow;
  /** As it would be sent, good or not; empty if there is none. */
  custSpaceId: string;
  good?: SpooledRow;
  problems: RowProblem[];
  /** Of a good row. */
  warnings: RowProblem[];
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
    row.good && isBusy.has(row.good.row) ? refuseBusy(context.columns, row) : row,
  );
}

async function checkOne(context: CheckContext, given: SourceRow, row: number): Promise<CheckedRow> {
  const { columns, seen } = context;
  const source = withoutRefused(columns, given);
  const check = checkRow(columns, source);
  const custSpaceId = check.clean.CustSpaceId;
  const problems = explainRefused(columns, given, check.problems);
  problems.push(...duplicateProblem({ columns, seen }, custSpaceId, source.line));
  const file = await checkFile(context, source.line, check);
  problems.push(...file.problems);
  const { input } = check;
  if (input === undefined || problems.length > 0 || file.sha256 === undefined)
    return { source, custSpaceId, problems, warnings: [] };
  const good = toRow(columns, { row, source, input, sha256: file.sha256 });
  return { source, custSpaceId, problems, warnings: [...check.warnings, ...file.warnings], good };
}

/** As `checkRows` sees it; empty if there is none. */
export function customerOf(columns: Columns, row: SourceRow): string {
  return checkRow(columns, withoutRefused(columns, row)).clean.CustSpaceId;
}

interface FileCheck {
  /** Absent if there is no file that can be used. */
  sha256?: string;
  problems: RowProblem[];
  warnings: RowProblem[];
}

async function checkFile(
  { columns, folder, strictPdf = false }: CheckContext,
  line: number,
  { clean, problems: found }: RowCheck,
): Promise<FileCheck> {
  const column = describeColumn(columns, 'IsvTerms');
  // What is wrong with the name is said already.
  if (found.some((problem) => problem.column === column)) return { problems: [], warnings: [] };
  const file = await folder.check(clean.IsvTerms).catch((error: unknown) => asProblem(columns, line, error));
  if ('code' in file) return { problems: [file], warnings: [] };
  const doubts = file.warnings.map((doubt) => ({ line, column, ...doubt }));
  const [problems, warnings] = strictPdf ? [doubts, []] : [[], doubts];
  return { sha256: file.sha256, problems, warnings };
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

function refuseBusy(columns: Columns, { source, custSpaceId }: CheckedRow): CheckedRow {
  const message = 'is pending in another batch with different data';
  const column = describeColumn(columns, 'CustSpaceId');
  const problems: RowProblem[] = [{ line: source.line, column, code: 'CUSTOMER_BUSY', message }];
  return { source, custSpaceId, problems, warnings: [] };
}
