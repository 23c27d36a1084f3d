/** The columns of a file of reviews. A result file is one too, once somebody has filled in its columns `onboard_review…`. Pure. */
import { COLUMN_NAMES, keyOf } from '../customer/columns.ts';
import { ADD_HEADER } from '../customer/header.ts';
import { AppError } from '../errors.ts';
import { shown } from '../source/quoted.ts';
import type { SourceRow } from '../source/row.ts';

/** How each column may be called; compared by `keyOf`. */
const NAMES = {
  custSpaceId: ['CustSpaceId', ...COLUMN_NAMES.CustSpaceId],
  batch: ['batch', 'batch id', '批次', '批次ID'],
  row: ['row', 'row number', 'onboard_row', '行号'],
  as: ['as', 'onboard_review', 'review', 'review result', 'decision', '审核结果', '审核状态'],
  date: ['date', 'onboard_review_date', 'review date', 'reviewed on', '审核日期', '日期'],
  evidence: ['evidence', 'onboard_review_evidence', 'review evidence', '依据', '凭证', '审核依据'],
  requestId: ['onboard_request_id', 'RequestId', 'request id'],
} as const;
export type ReviewColumn = keyof typeof NAMES;
const COLUMNS = Object.keys(NAMES) as ReviewColumn[];

const NEEDED = ['as', 'date', 'evidence'] as const satisfies ReviewColumn[];
/** A row of a result file is a row of its batch, but the file does not name the batch. */
const COLUMN_OF = new Map(
  COLUMNS.flatMap((column) => NAMES[column].map((name) => [keyOf(name), column] as const)),
);

/** Where each column is, from 0, and what it is called. */
export interface ReviewHeader {
  indexOf: Partial<Record<ReviewColumn, number>>;
  names: readonly string[];
}

/** @returns how many of the columns the cells name */
export function countReviewColumns(cells: readonly string[]): number {
  return new Set(cells.flatMap((cell) => COLUMN_OF.get(keyOf(cell)) ?? [])).size;
}

/** @throws AppError INPUT_HEADER that names every missing and every doubled column */
export function findReviewHeader(rows: readonly SourceRow[]): { header: ReviewHeader; index: number } {
  const counts = rows.map(({ values }) => countReviewColumns(values));
  const index = counts.indexOf(Math.max(...counts));
  const row = rows[index];
  if (row === undefined)
    throw new AppError('INPUT_EMPTY', 'The file is empty; it has no header line.', { hint: ADD_HEADER });
  const meanings = row.values.map((name) => COLUMN_OF.get(keyOf(name)));
  const twice = COLUMNS.filter((column) => meanings.filter((each) => each === column).length > 1);
  const missing = NEEDED.filter((column) => !meanings.includes(column));
  const problems = [
    ...twice.map((column) => `${namesIn(row, column).join(' and ')} may both be ${column}`),
    ...missing.map((column) => `the column ${column} is missing`),
    ...(isIdentified(meanings)
      ? []
      : ['the column CustSpaceId is missing, and batch and row are not both there']),
  ];
  if (problems.length > 0)
    throw new AppError('INPUT_HEADER', `Line ${Math.max(row.line, 1)}: ${problems.join('; ')}.`, {
      hint: 'Name the columns CustSpaceId (or batch and row), as, date and evidence.',
    });
  const places = COLUMNS.map((column) => [column, meanings.indexOf(column)] as const);
  const indexOf = Object.fromEntries(places.filter(([, place]) => place >= 0));
  return { header: { indexOf, names: row.values }, index };
}

const isIdentified = (meanings: readonly (ReviewColumn | undefined)[]) =>
  meanings.includes('custSpaceId') || (meanings.includes('batch') && meanings.includes('row'));

function namesIn({ values }: SourceRow, column: ReviewColumn): string[] {
  return values.filter((name) => COLUMN_OF.get(keyOf(name)) === column).map((name) => shown(name));
}

/** A column for people: its name and its position, counted from 1. */
export function describeReviewColumn({ indexOf, names }: ReviewHeader, column: ReviewColumn): string {
  const index = indexOf[column] ?? -1;
  return index < 0 ? column : `${shown(names[index] ?? '')} (column ${index + 1})`;
}
