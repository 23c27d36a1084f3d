/** Checks rows of a file of reviews: first their cells, then what is known of the customers they name. */
import { FirstSeen } from '../customer/duplicates.ts';
import type { RowProblem } from '../customer/validate.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RecordOfRow } from '../ledger/read-records.ts';
import type { NewDecision } from '../ledger/record-reviews.ts';
import type { SourceRow } from '../source/row.ts';
import { describeReviewColumn, type ReviewColumn, type ReviewHeader } from './review-columns.ts';
import { findSubmit } from './review-target.ts';
import {
  cleanEvidence,
  evidenceProblem,
  parseDay,
  parseReviewWord,
  type ReviewTexts,
} from './review-texts.ts';

export interface ReviewRowsContext {
  ledger: Ledger;
  header: ReviewHeader;
  by: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Customers that earlier rows of the file named. */
  seen: FirstSeen;
}

/** A row of the file: what is to be recorded, or what is wrong with it; neither where nobody has decided yet. */
export interface CheckedReview {
  source: SourceRow;
  decision?: NewDecision;
  problems: RowProblem[];
}

export const newSeen = () => new FirstSeen();

interface Cells {
  source: SourceRow;
  texts: ReviewTexts | undefined;
  problems: RowProblem[];
  custSpaceId: string;
  place: { batchId: string; row: number } | undefined;
  requestId: string | undefined;
}

export async function checkReviewRows(
  context: ReviewRowsContext,
  rows: readonly SourceRow[],
): Promise<CheckedReview[]> {
  const read = rows.map((source) => readCells(context.header, source));
  const records = await readNamedRows(context.ledger, read);
  const named = read.map((cells, index) => ({ ...cells, record: records[index] }));
  const customers = named.map(({ custSpaceId, record }) => custSpaceId || (record?.record.custSpaceId ?? ''));
  const submits = await context.ledger.readSubmits(customers);
  return named.map(({ source, texts, problems, place, requestId, record }, index) => {
    const custSpaceId = customers[index] ?? '';
    if (texts === undefined) return { source, problems };
    const refuse = (message: string): CheckedReview => ({
      source,
      problems: [...problems, { line: source.line, code: 'REVIEW_REFUSED', message }],
    });
    if (place && record === undefined)
      return refuse(`there is no row ${place.row} of batch ${place.batchId} in this account`);
    if (problems.length > 0) return { source, problems };
    const earlier = context.seen.add(custSpaceId, source.line);
    if (earlier !== undefined) return refuse(`customer ${custSpaceId} is on line ${earlier} already`);
    const row = place && record && { ...record, batchId: place.batchId };
    const claim = {
      custSpaceId,
      date: texts.date,
      ...(row ? { row } : {}),
      ...(requestId ? { requestId } : {}),
    };
    const submit = findSubmit(claim, submits[index] ?? { submitted: undefined }, context.now);
    if (typeof submit === 'string') return refuse(submit);
    return { source, problems, decision: { ...submit, ...texts, by: context.by, custSpaceId } };
  });
}

function readCells(header: ReviewHeader, source: SourceRow): Cells {
  const cell = (column: ReviewColumn) => source.values[header.indexOf[column] ?? -1]?.trim() ?? '';
  const problems: RowProblem[] = [];
  const refuse = (column: ReviewColumn, message: string) =>
    problems.push({
      line: source.line,
      column: describeReviewColumn(header, column),
      code: 'REVIEW_INVALID',
      message,
    });
  const none = {
    source,
    problems: [],
    texts: undefined,
    custSpaceId: '',
    place: undefined,
    requestId: undefined,
  };
  const as = parseReviewWord(cell('as'));
  if (as === 'awaited') return none;
  if (as === undefined) refuse('as', 'is neither approved nor rejected');
  const date = parseDay(cell('date'));
  if (date === undefined) refuse('date', 'is no day such as 2026-01-31');
  const evidence = cleanEvidence(cell('evidence'));
  const problem = evidenceProblem(evidence);
  if (problem !== undefined) refuse('evidence', problem);
  const custSpaceId = cell('custSpaceId');
  const place = header.indexOf.batch === undefined ? undefined : placeIn(cell('batch'), cell('row'));
  if (place === null) refuse('row', 'is no row number of a batch');
  else if (place === undefined && custSpaceId === '') refuse('custSpaceId', 'is empty');
  // A date is what is wanted there.
  for (const { index, why } of source.refused ?? [])
    for (const column of columnsAt(header, index)) if (column !== 'date') refuse(column, why);
  const texts = { as: as ?? 'rejected', date: date ?? '', evidence };
  return {
    source,
    texts,
    problems,
    custSpaceId,
    place: place ?? undefined,
    requestId: cell('requestId') || undefined,
  };
}

function columnsAt({ indexOf }: ReviewHeader, index: number): ReviewColumn[] {
  return (Object.keys(indexOf) as ReviewColumn[]).filter((column) => indexOf[column] === index);
}

/** @returns undefined if the row names no batch, null if it does not name a row of it */
function placeIn(batchId: string, row: string): { batchId: string; row: number } | undefined | null {
  if (batchId === '') return undefined;
  return /^[\w-]{1,64}$/.test(batchId) && /^[1-9]\d{0,8}$/.test(row) ? { batchId, row: Number(row) } : null;
}

/** The rows of batches that are named, where they exist; each batch is asked once. */
async function readNamedRows(ledger: Ledger, cells: readonly Cells[]): Promise<(RecordOfRow | undefined)[]> {
  const wanted = new Map<string, Set<number>>();
  for (const { place } of cells)
    if (place) wanted.set(place.batchId, (wanted.get(place.batchId) ?? new Set()).add(place.row));
  const found = new Map<string, RecordOfRow>();
  for (const [batchId, numbers] of wanted)
    for (const row of (await ledger.readRecords(batchId, [...numbers])).rows)
      found.set(`${batchId} ${row.row}`, row);
  return cells.map(({ place }) => place && found.get(`${place.batchId} ${place.row}`));
}
