/** Records the reviews of a file: all rows are checked before the first is recorded, and each may be recorded again. */
import { randomUUID } from 'node:crypto';
import type { RowProblem } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import { type NewDecision, REVIEWS_AT_ONCE, type ReviewVerdict } from '../ledger/record-reviews.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { openSource, type SourceOrigin } from '../source/open-source.ts';
import type { SourceRow } from '../source/row.ts';
import { plural } from '../text.ts';
import type { By } from './by.ts';
import { bySchema, checkOrder } from './orders.ts';
import { countReviewColumns, findReviewHeader } from './review-columns.ts';
import { checkReviewRows, newSeen } from './review-rows.ts';
import { nameOf, type SourceOrder } from './source-order.ts';
import { openSpool, type Spool } from './spool.ts';

/** Rows among which the header is sought. */
const HEADER_ROWS_MAX = 10;
const ROWS_MAX = 5_000_000;
const EXAMPLES_MAX = 20;

export interface ReviewFileOrder
  extends By,
    Pick<SourceOrder, 'format' | 'encoding' | 'delimiter' | 'sheet' | 'onRemark'> {
  from: SourceOrigin & SourceOrder['from'];
  /** Called with everything that is wrong with a row, in the order of the file. */
  onInvalid?: (problems: readonly RowProblem[]) => Promise<void> | void;
}

/** What became of the rows of a file of reviews. */
export interface ReviewsRecorded {
  /** Rows of the file. */
  rows: number;
  /** New decisions, those that replace another one included. */
  recorded: number;
  /** How many of them replace another one. */
  changed: number;
  /** Decisions that were recorded before. */
  same: number;
  /** Decisions that were recorded and changed since the file was written: the later ones stay. */
  outdated: number;
  /** Rows without a decision. */
  awaited: number;
  /** Customers of which newer data was submitted after the file was checked: not recorded; how many, and the first. */
  replaced: number;
  examples: string[];
}

type Recording = Pick<LedgerAccount, 'ledger' | 'now'>;

/** @throws AppError INPUT_…; then nothing was recorded */
export async function recordReviewFile(
  recording: Recording,
  order: ReviewFileOrder,
): Promise<ReviewsRecorded> {
  checkOrder(bySchema, { by: order.by });
  await using spool = await openSpool<NewDecision>();
  const { rows, good } = await checkFile(recording, order, spool);
  const result = {
    rows,
    recorded: 0,
    changed: 0,
    same: 0,
    outdated: 0,
    awaited: rows - good,
    replaced: 0,
    examples: [],
  };
  const file = { name: nameOf(order), reading: randomUUID() };
  for await (const decisions of spool.read(REVIEWS_AT_ONCE)) {
    const verdicts = await recording.ledger.recordReviews(decisions, file);
    for (const [index, verdict] of verdicts.entries())
      count(result, verdict, decisions[index] as NewDecision);
  }
  return result;
}

async function checkFile({ ledger, now }: Recording, order: ReviewFileOrder, spool: Spool<NewDecision>) {
  const { header, rows } = await openReviews(order);
  const context = { ledger, header, by: order.by, now: now(), seen: newSeen() };
  const sum = { rows: 0, good: 0, bad: 0, problems: 0 };
  for await (const chunk of inChunks(rows)) {
    sum.rows += chunk.length;
    if (sum.rows > ROWS_MAX)
      throw new AppError('INPUT_TOO_MANY_ROWS', `The file has more than ${ROWS_MAX} rows.`);
    const checked = await checkReviewRows(context, chunk);
    const good = checked.flatMap(({ decision }) => decision ?? []);
    sum.good += good.length;
    for (const { problems } of checked) {
      if (problems.length === 0) continue;
      sum.bad += 1;
      sum.problems += problems.length;
      await order.onInvalid?.(problems);
    }
    await spool.write(good);
  }
  if (sum.rows === 0) throw new AppError('INPUT_EMPTY', 'The file has a header but no rows.');
  const tally = `${plural(sum.problems, 'problem')} in ${sum.bad} of ${plural(sum.rows, 'row')}`;
  if (sum.bad > 0) throw new AppError('INPUT_INVALID', `${nameOf(order)}: ${tally}. Nothing was recorded.`);
  return sum;
}

async function openReviews({ from, format, encoding, delimiter, sheet, onRemark }: ReviewFileOrder) {
  const options = { format, encoding, delimiter, sheet, onRemark, countColumns: countReviewColumns };
  const source = openSource(from, options);
  const first: SourceRow[] = [];
  while (first.length < HEADER_ROWS_MAX) {
    const next = await source.next();
    if (next.done) break;
    first.push(next.value);
  }
  const { header, index } = findReviewHeader(first);
  return { header, rows: below(first.slice(index + 1), source) };
}

async function* below(
  first: readonly SourceRow[],
  rest: AsyncGenerator<SourceRow>,
): AsyncGenerator<SourceRow> {
  yield* first;
  yield* rest;
}

async function* inChunks(rows: AsyncIterable<SourceRow>): AsyncGenerator<SourceRow[]> {
  let chunk: SourceRow[] = [];
  for await (const row of rows) {
    // What Excel leaves below a table.
    if (row.values.every((value) => value.trim() === '')) continue;
    chunk.push(row);
    if (chunk.length < CHUNK_ROWS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function count(
  result: Omit<ReviewsRecorded, 'examples'> & { examples: string[] },
  verdict: ReviewVerdict,
  { custSpaceId }: NewDecision,
): void {
  if (verdict === 'same') result.same += 1;
  else if (verdict === 'outdated') result.outdated += 1;
  else if (verdict === 'replaced' || verdict === 'none') {
    result.replaced += 1;
    if (result.examples.length < EXAMPLES_MAX) result.examples.push(custSpaceId);
  } else {
    result.recorded += 1;
    if (verdict === 'changed') result.changed += 1;
  }
}
