/** What is told of a draft: how its rows are, and one page of them. */
import { type Columns, describeColumn, pickFields } from '../customer/columns.ts';
import { INPUT_FIELDS, type InputField } from '../customer/fields.ts';
import type { RowProblem } from '../customer/validate.ts';
import type { DraftRow } from './corrected-rows.ts';
import { openUsage, type Usage } from './usage.ts';

export interface PageOrder {
  /** Number of the first row that may be on the page. */
  from: number;
  limit: number;
  onlyBad: boolean;
}

/** What a check says of one row. */
export interface Verdict {
  /** Its customer as it would be sent; empty if there is none. */
  custSpaceId: string;
  problems: readonly RowProblem[];
  warnings: readonly RowProblem[];
}

/** Of a row that is left out: nothing is checked. */
export const UNCHECKED: Verdict = { custSpaceId: '', problems: [], warnings: [] };

export interface CheckedDraftRow {
  row: number;
  line: number;
  cells: Record<InputField, string>;
  isLeftOut: boolean;
  problems: RowProblem[];
  warnings: RowProblem[];
}

export class DraftSummary {
  readonly rows = { total: 0, good: 0, bad: 0, leftOut: 0 };
  readonly page: CheckedDraftRow[] = [];
  /** Number of the first row after the page; undefined if there is none. */
  next: number | undefined;
  readonly #order: PageOrder;
  readonly #usage: Usage;

  static async open(agreements: string, order: PageOrder): Promise<DraftSummary> {
    return new DraftSummary(await openUsage(agreements), order);
  }

  private constructor(usage: Usage, order: PageOrder) {
    this.#usage = usage;
    this.#order = order;
  }

  /** Takes the rows one after the other. */
  add(columns: Columns, each: DraftRow, verdict: Verdict): void {
    const { from, limit, onlyBad } = this.#order;
    const { number, row, isLeftOut } = each;
    const isBad = verdict.problems.length > 0;
    this.rows.total++;
    this.rows[isLeftOut ? 'leftOut' : isBad ? 'bad' : 'good']++;
    if (!isLeftOut) this.#usage.use(row.values[columns.indexOf.IsvTerms] ?? '');
    if (number < from || (onlyBad && !isBad)) return;
    if (this.page.length < limit) this.page.push(showRow(columns, each, verdict));
    else this.next ??= number;
  }

  agreements(): { files: number; unused: string[] } {
    return { files: this.#usage.files, unused: this.#usage.unused() };
  }
}

/** Of problems, the column is the field that a person sees. */
export function showRow(
  columns: Columns,
  { number, row, isLeftOut }: DraftRow,
  { problems, warnings }: Verdict,
): CheckedDraftRow {
  const named = (problem: RowProblem): RowProblem => {
    const field = INPUT_FIELDS.find((name) => describeColumn(columns, name) === problem.column);
    return field === undefined ? problem : { ...problem, column: field };
  };
  return {
    ...{ row: number, line: row.line, isLeftOut, cells: pickFields(columns, row.values) },
    problems: problems.map(named),
    warnings: warnings.map(named),
  };
}
