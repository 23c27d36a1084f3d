/** Why rows of a batch failed, by code, and which of them wait for a person. */
import { ERROR_CODES, isErrorCode } from '../error-codes.ts';
import type { Batch } from '../ledger/batch-record.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';

export interface Failure {
  /** A peer's code or ours; `OTHER` stands for all beyond the first 200. */
  code: string;
  rows: number;
  /** What to do about it, as the first of these rows says; empty if nobody knows. */
  hint: string;
  /** What the peer said of the first of these rows; absent if it said nothing. */
  message?: string | undefined;
}

type Reading = Pick<Ledger, 'countCodes' | 'iterateNumbers' | 'iteratePortions' | 'readRecords'>;

/** Codes whose hint is looked up; more are no help to anybody. */
const CODES_MAX = 20;
/** Numbers of parked rows that are told, and portions of rows in which they are looked for. */
export const PARKED_SHOWN = 10;
const PORTIONS_MAX = 5;

/** The most frequent code first. */
export async function readFailures(ledger: Reading, batchId: string): Promise<Failure[]> {
  const codes = (await ledger.countCodes(batchId)).slice(0, CODES_MAX);
  return Promise.all(
    codes.map(async ({ code, rows }) => ({ code, rows, ...(await readExample(ledger, batchId, code)) })),
  );
}

async function readExample(
  ledger: Reading,
  batchId: string,
  code: string,
): Promise<Pick<Failure, 'hint' | 'message'>> {
  const ours = isErrorCode(code) ? ERROR_CODES[code].hint : '';
  for await (const number of ledger.iterateNumbers(batchId, { codes: [code] })) {
    const { rows } = await ledger.readRecords(batchId, [number]);
    const { hint = ours, message } = rows[0]?.record ?? {};
    return { hint, message };
  }
  return { hint: ours };
}

/** The numbers of rows that a person must settle; the first of them if there are many. */
export async function findParked(ledger: Reading, { id, parked }: Pick<Batch, 'id' | 'parked'>) {
  const found: number[] = [];
  let portions = 0;
  if (parked === 0) return found;
  for await (const portion of ledger.iteratePortions(id, { outcomes: ['failed'], size: CHUNK_ROWS })) {
    const { rows } = await ledger.readRecords(id, portion);
    for (const { row, record } of rows) if (record.parked) found.push(row);
    portions += 1;
    if (found.length >= Math.min(parked, PARKED_SHOWN) || portions === PORTIONS_MAX) break;
  }
  return found.slice(0, PARKED_SHOWN);
}
