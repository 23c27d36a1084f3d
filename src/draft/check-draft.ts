/** Checks the corrected rows of a draft as an import would, and keeps one page of them. */
import { openAgreements } from '../agreement/open-agreements.ts';
import { type CheckedRow, checkRows } from '../batch/check-rows.ts';
import { type Columns, describeColumn, pickFields } from '../customer/columns.ts';
import { FirstSeen } from '../customer/duplicates.ts';
import { INPUT_FIELDS, type InputField } from '../customer/fields.ts';
import type { RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import { type DraftRow, openCorrected, type Reading, type Seen } from './corrected-rows.ts';
import type { OpenDraft } from './drafts.ts';
import { openUsage } from './usage.ts';

const CHUNK_ROWS = 500;

export interface PageOrder {
  /** Number of the first row that may be on the page. */
  from: number;
  limit: number;
  onlyBad: boolean;
}

export interface CheckedDraftRow {
  row: number;
  line: number;
  cells: Record<InputField, string>;
  isLeftOut: boolean;
  problems: RowProblem[];
  warnings: RowProblem[];
}

export interface CheckedDraft extends Seen {
  /** Absent if it cannot be read as a table of customers. */
  columns?: Columns;
  /** Why it cannot be read, as a whole. */
  problem?: AppError;
  rows: { total: number; good: number; bad: number; leftOut: number };
  agreements: { files: number; unused: string[] };
  page: CheckedDraftRow[];
  /** Number of the first row after the page; undefined if there is none. */
  next?: number;
}

/** @param onBad is told every bad row, in order, and waited for */
export async function checkDraft(
  draft: OpenDraft,
  { reading, page, strictPdf }: { reading: Reading; page: PageOrder; strictPdf?: boolean | undefined },
  onBad: (row: CheckedDraftRow) => Promise<void> = async () => undefined,
): Promise<CheckedDraft> {
  const usage = await openUsage(draft.agreements);
  const checked: CheckedDraft = {
    ...{ notes: [...draft.remarks], sample: [], page: [] },
    rows: { total: 0, good: 0, bad: 0, leftOut: 0 },
    agreements: { files: usage.files, unused: [] },
  };
  await using folder = await openAgreements(draft.agreements);
  try {
    const { columns, rows } = await openCorrected(draft, reading, checked);
    checked.columns = columns;
    const context = { columns, folder, strictPdf, seen: new FirstSeen() };
    for await (const chunk of inChunks(rows)) {
      const wanted = chunk.filter(({ isLeftOut }) => !isLeftOut).map(({ row }) => row);
      const results = (await checkRows(context, wanted, 1)).values();
      for (const each of chunk) {
        const result = each.isLeftOut ? undefined : results.next().value;
        const row = toRow(columns, each, result);
        if (!each.isLeftOut) usage.use(row.cells.IsvTerms);
        count(checked, row, page);
        if (row.problems.length > 0) await onBad(row);
      }
    }
  } catch (error) {
    if (!(error instanceof AppError) || !(error.code.startsWith('INPUT_') || error.code === 'USAGE'))
      throw error;
    checked.problem = error;
  }
  checked.agreements.unused = usage.unused();
  return checked;
}

function count(checked: CheckedDraft, row: CheckedDraftRow, { from, limit, onlyBad }: PageOrder): void {
  const { rows, page } = checked;
  const isBad = row.problems.length > 0;
  rows.total++;
  rows[row.isLeftOut ? 'leftOut' : isBad ? 'bad' : 'good']++;
  if (row.row < from || (onlyBad && !isBad)) return;
  if (page.length < limit) page.push(row);
  else checked.next ??= row.row;
}

/** Of problems, the column is the field that a person sees. */
function toRow(columns: Columns, { number, row, isLeftOut }: DraftRow, result?: CheckedRow): CheckedDraftRow {
  const named = (problem: RowProblem): RowProblem => {
    const field = INPUT_FIELDS.find((name) => describeColumn(columns, name) === problem.column);
    return field === undefined ? problem : { ...problem, column: field };
  };
  return {
    ...{ row: number, line: row.line, isLeftOut, cells: pickFields(columns, row.values) },
    problems: (result?.problems ?? []).map(named),
    warnings: (result?.warnings ?? []).map(named),
  };
}

async function* inChunks(rows: AsyncIterable<DraftRow>): AsyncGenerator<DraftRow[]> {
  let chunk: DraftRow[] = [];
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length < CHUNK_ROWS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
