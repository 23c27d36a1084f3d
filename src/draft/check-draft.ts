/** Checks the corrected rows of a draft as an import would, all of them, and keeps one page. */
import { openAgreements } from '../agreement/open-agreements.ts';
import { checkRows } from '../batch/check-rows.ts';
import { ROWS_MAX, tooManyRows } from '../batch/validate-source.ts';
import type { Columns } from '../customer/columns.ts';
import { FirstSeen } from '../customer/duplicates.ts';
import { AppError } from '../errors.ts';
import { type DraftRow, openCorrected, type Reading, type Seen } from './corrected-rows.ts';
import type { OpenDraft } from './drafts.ts';
import {
  type CheckedDraftRow,
  DraftSummary,
  type PageOrder,
  showRow,
  UNCHECKED,
  type Verdict,
} from './summary.ts';

const CHUNK_ROWS = 500;

export interface DraftCheckOrder {
  reading: Reading;
  page: PageOrder;
  /** Whether an agreement that will probably not open is a problem; otherwise it is a warning. */
  strictPdf?: boolean | undefined;
  rowsMax?: number;
}

export interface CheckedDraft extends Seen, Pick<DraftSummary, 'rows' | 'page' | 'next'> {
  /** Absent if it cannot be read as a table of customers. */
  columns?: Columns;
  /** Why it cannot be read, as a whole. */
  problem?: AppError;
  agreements: { files: number; unused: string[] };
}

export interface CheckListeners {
  /** Is told every bad row, in order, and waited for. */
  onBad?: (row: CheckedDraftRow) => Promise<void>;
  /** Is told every row, in order. */
  onRow?: (row: DraftRow, verdict: Verdict) => void;
}

export async function checkDraft(
  draft: OpenDraft,
  { reading, page, strictPdf, rowsMax = ROWS_MAX }: DraftCheckOrder,
  { onBad = async () => undefined, onRow = () => undefined }: CheckListeners = {},
): Promise<CheckedDraft> {
  const summary = await DraftSummary.open(draft.agreements, page);
  const seen: Seen = { notes: [], sample: [] };
  const found: Pick<CheckedDraft, 'columns' | 'problem'> = {};
  await using folder = await openAgreements(draft.agreements);
  try {
    const { columns, rows } = await openCorrected(draft, reading, seen);
    found.columns = columns;
    const context = { columns, folder, strictPdf, seen: new FirstSeen() };
    for await (const chunk of inChunks(rows)) {
      if (summary.rows.total + chunk.length > rowsMax) throw tooManyRows(rowsMax);
      const wanted = chunk.filter(({ isLeftOut }) => !isLeftOut).map(({ row }) => row);
      const results = (await checkRows(context, wanted, 1)).values();
      for (const each of chunk) {
        const verdict = each.isLeftOut ? UNCHECKED : (results.next().value ?? UNCHECKED);
        summary.add(columns, each, verdict);
        onRow(each, verdict);
        if (verdict.problems.length > 0) await onBad(showRow(columns, each, verdict));
      }
    }
  } catch (error) {
    if (!(error instanceof AppError) || !(error.code.startsWith('INPUT_') || error.code === 'USAGE'))
      throw error;
    found.problem = error;
  }
  return { ...found, ...told(draft, seen, summary) };
}

/** What is known of a draft when all of its rows are. */
export function told({ remarks }: Pick<OpenDraft, 'remarks'>, seen: Seen, summary: DraftSummary) {
  const { rows, page, next } = summary;
  return { ...seen, notes: [...remarks, ...seen.notes], rows, page, next, agreements: summary.agreements() };
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
