/**
 * The rows of a draft with what a check has said of them, so that a correction has only those rows checked again that it
 * can change: its own, and those that had, or have, its customer. What it says is what a check of the whole would say.
 */
import { openAgreements } from '../agreement/open-agreements.ts';
import { type CheckContext, checkRows, customerOf } from '../batch/check-rows.ts';
import type { Columns } from '../customer/columns.ts';
import type { SourceRow } from '../source/row.ts';
import { type CheckedDraft, type DraftCheckOrder, told } from './check-draft.ts';
import { correct, type DraftRow, type Seen } from './corrected-rows.ts';
import type { OpenDraft } from './drafts.ts';
import { DraftSummary, type PageOrder, UNCHECKED, type Verdict } from './summary.ts';

/** What a row takes besides its texts, in characters. */
const ROW_LENGTH = 500;
const CHECKED_AT_A_TIME = 500;

type Corrections = Pick<OpenDraft, 'cells' | 'leftOut'>;

interface Kept {
  given: SourceRow;
  isLeftOut: boolean;
  verdict: Verdict;
}

/** What a check depends on besides corrections. */
const basisOf = ({ id, adding }: OpenDraft, { reading, strictPdf = false, rowsMax }: DraftCheckOrder) =>
  JSON.stringify([id, adding, reading, strictPdf, rowsMax]);

export class KeptRows {
  /** About how much memory it takes, in characters. */
  length = 0;
  readonly #basis: string;
  #corrections: Corrections;
  #table: { columns: Columns; seen: Seen } | undefined;
  readonly #rows: Kept[] = [];
  /** Numbers of the rows that are not left out, by customer. */
  readonly #numbers = new Map<string, Set<number>>();
  /** The first of those, of customers that were asked for since they changed. */
  readonly #firsts = new Map<string, number>();

  /** For a check that is about to begin. */
  constructor(draft: OpenDraft, order: DraftCheckOrder) {
    this.#basis = basisOf(draft, order);
    this.#corrections = draft;
  }

  /** Takes the rows of that check one after the other. */
  add({ number, given, isLeftOut }: DraftRow, verdict: Verdict): void {
    this.#rows.push({ given, isLeftOut, verdict: only(verdict) });
    this.#enter(number, verdict.custSpaceId);
    this.length += given.values.reduce((sum, value) => sum + value.length, ROW_LENGTH);
  }

  /** Takes what that check has found besides. @param remarks how many of the notes are not about reading it */
  end({ columns, notes, sample, sheets }: CheckedDraft, remarks: number): void {
    const seen = { notes: notes.slice(remarks), sample, ...(sheets && { sheets }) };
    this.#table = columns && { columns, seen };
  }

  /** Gives up what it holds, because it is too much. */
  clear(): void {
    this.#rows.length = 0;
    this.#numbers.clear();
  }

  /** Whether a check of this would differ in nothing but corrections. */
  isOf(draft: OpenDraft, order: DraftCheckOrder): boolean {
    return this.#table !== undefined && this.#basis === basisOf(draft, order);
  }

  /** If it throws, it is of no more use. */
  async check(draft: OpenDraft, { page, strictPdf }: DraftCheckOrder): Promise<CheckedDraft> {
    if (this.#table === undefined) throw new Error('rows that no check has ended with');
    const { columns, seen } = this.#table;
    const due = this.#correct(draft, columns);
    await using folder = await openAgreements(draft.agreements);
    await this.#checkAgain(due, { columns, folder, strictPdf });
    return { columns, ...told(draft, seen, await this.#summarise(draft.agreements, columns, page)) };
  }

  /** @returns the numbers of the rows that have to be checked again */
  #correct(now: Corrections, columns: Columns): Set<number> {
    const changed = changedBetween(this.#corrections, now).filter((number) => number <= this.#rows.length);
    this.#corrections = now;
    const isLeftOut = new Set(now.leftOut);
    /** The first row of each customer that is concerned, as it was. */
    const firsts = new Map<string, number | undefined>();
    const concern = (custSpaceId: string) => {
      if (!firsts.has(custSpaceId)) firsts.set(custSpaceId, this.#firstOf(custSpaceId));
    };
    const moves = changed.map((number) => {
      const kept = this.#rows[number - 1] as Kept;
      kept.isLeftOut = isLeftOut.has(number);
      const to = kept.isLeftOut ? '' : customerOf(columns, this.#row(number, columns));
      concern(kept.verdict.custSpaceId);
      concern(to);
      return { number, from: kept.verdict.custSpaceId, to };
    });
    for (const { number, from } of moves) this.#numbers.get(from)?.delete(number);
    for (const { number, to } of moves) this.#enter(number, to);
    this.#firsts.clear();
    const due = new Set(changed);
    for (const [custSpaceId, first] of firsts)
      if (this.#firstOf(custSpaceId) !== first)
        for (const number of this.#numbers.get(custSpaceId) ?? []) due.add(number);
    return due;
  }

  async #checkAgain(due: ReadonlySet<number>, context: Omit<CheckContext, 'seen'>): Promise<void> {
    const numbers = [...due];
    while (numbers.length > 0)
      await Promise.all(
        numbers.splice(-CHECKED_AT_A_TIME).map(async (number) => {
          const kept = this.#rows[number - 1] as Kept;
          const seen = { add: (custSpaceId: string) => this.#earlierLine(custSpaceId, number) };
          const row = this.#row(number, context.columns);
          const [checked] = kept.isLeftOut ? [] : await checkRows({ ...context, seen }, [row], number);
          kept.verdict = only(checked ?? UNCHECKED);
        }),
      );
  }

  async #summarise(agreements: string, columns: Columns, page: PageOrder): Promise<DraftSummary> {
    const summary = await DraftSummary.open(agreements, page);
    for (const [index, { given, isLeftOut, verdict }] of this.#rows.entries()) {
      const number = index + 1;
      summary.add(columns, { number, given, row: this.#row(number, columns), isLeftOut }, verdict);
    }
    return summary;
  }

  #row(number: number, columns: Columns): SourceRow {
    const { given } = this.#rows[number - 1] as Kept;
    return correct(given, columns, this.#corrections.cells[number]);
  }

  #enter(number: number, custSpaceId: string): void {
    if (custSpaceId === '' || this.#rows[number - 1]?.isLeftOut) return;
    const numbers = this.#numbers.get(custSpaceId);
    if (numbers) numbers.add(number);
    else this.#numbers.set(custSpaceId, new Set([number]));
  }

  #firstOf(custSpaceId: string): number | undefined {
    const known = this.#firsts.get(custSpaceId);
    if (known !== undefined) return known;
    let first: number | undefined;
    for (const number of this.#numbers.get(custSpaceId) ?? [])
      if (first === undefined || number < first) first = number;
    if (first !== undefined) this.#firsts.set(custSpaceId, first);
    return first;
  }

  #earlierLine(custSpaceId: string, number: number): number | undefined {
    const first = this.#firstOf(custSpaceId);
    return first === undefined || first === number ? undefined : this.#rows[first - 1]?.given.line;
  }
}

/** Without what an import needs besides. */
const only = ({ custSpaceId, problems, warnings }: Verdict): Verdict => ({ custSpaceId, problems, warnings });

/** Numbers of the rows that the one has corrected otherwise than the other. */
function changedBetween(before: Corrections, now: Corrections): number[] {
  const changed = new Set(toggled(before.leftOut, now.leftOut));
  const cellsOf = ({ cells }: Corrections, number: string) => JSON.stringify(cells[number] ?? {});
  for (const number of Object.keys({ ...before.cells, ...now.cells }))
    if (cellsOf(before, number) !== cellsOf(now, number)) changed.add(Number(number));
  return [...changed];
}

function toggled(before: readonly number[], now: readonly number[]): number[] {
  const [one, other] = [new Set(before), new Set(now)];
  return [...before.filter((number) => !other.has(number)), ...now.filter((number) => !one.has(number))];
}
