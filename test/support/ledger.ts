/** A ledger of its own for a test, without workers: rows are moved by hand. */
import type { NewRow } from '../../src/ledger/enroll.ts';
import { CHUNK_ROWS } from '../../src/ledger/iterate-rows.ts';
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { Place } from '../../src/ledger/place.ts';
import type { StoredRow } from '../../src/ledger/row-record.ts';
import type { Transition } from '../../src/ledger/transition.ts';
import { connectTestRedis, uniqueName } from './redis.ts';

export interface LedgerBench {
  ledger: Ledger;
  account: string;
  /** Creates a batch, enrols rows and seals it. @returns the numbers of the rows that need jobs */
  batch(id: string, rows: readonly NewRow[], notBefore?: number): Promise<number[]>;
  /** Leaves the batch unsealed. */
  begin(id: string, notBefore?: number): Promise<void>;
  move(batchId: string, row: number, to: Outcome, more?: Partial<Transition>): Promise<unknown>;
  /** Marks a row as a worker does, up to the submit that is about to leave. */
  mark(batchId: string, row: number, token?: string): Promise<StoredRow['record']>;
  /** A submit of the row, and its success. */
  submit(batchId: string, row: number): Promise<void>;
  outcomes(batchId: string): Promise<Outcome[]>;
  record(batchId: string, row: number): Promise<StoredRow['record']>;
}

const FACTS = {
  kind: 'import',
  source: 'test',
  by: 'test',
  details: '',
  columns: ['CustSpaceId'],
  fieldColumns: [0],
  priority: 100,
  maxFailures: 3,
} as const;

export const makeRow = (row: number, changes: Partial<NewRow> = {}): NewRow => ({
  row,
  custSpaceId: `C${row}`,
  fingerprint: `print-${row}`,
  input: { line: row + 1, fields: [`C${row}`], sha256: 'aa' },
  ...changes,
});

/** Creates a batch, enrols its rows and seals it. @returns the numbers of the rows that need jobs */
export async function createBatch(
  ledger: Ledger,
  id: string,
  rows: readonly NewRow[],
  notBefore?: number,
): Promise<number[]> {
  await beginBatch(ledger, id, notBefore);
  const needed: number[] = [];
  for (let first = 0; first < rows.length; first += CHUNK_ROWS)
    needed.push(...(await ledger.enroll(id, rows.slice(first, first + CHUNK_ROWS))));
  await ledger.seal(id);
  return needed;
}

async function beginBatch(ledger: Ledger, id: string, notBefore?: number): Promise<void> {
  const { columns, fieldColumns, ...facts } = FACTS;
  const where = { columns: [...columns], fieldColumns: [...fieldColumns] };
  await ledger.createBatch({ id, name: id, sourceKey: `key-${id}`, ...facts, ...where, notBefore });
}

async function markRow(
  ledger: Ledger,
  { batchId, row, token = 'token' }: { batchId: string; row: number; token?: string | undefined },
): Promise<StoredRow['record']> {
  const place = { batchId, row };
  const { verdict } = await ledger.markRow({ ...place, to: 'uploading', add: { attempts: 1 } });
  if (verdict !== 'marked') throw new Error(verdict);
  await ledger.transition({ ...place, to: 'uploaded' });
  const marked = await ledger.markRow({ ...place, to: 'submitting', patch: { token } });
  if (marked.record === null || marked.verdict !== 'marked') throw new Error(marked.verdict);
  return marked.record;
}

/** A submit of a row, and its success. */
export async function submitRow(ledger: Ledger, batchId: string, row: number): Promise<void> {
  const record = await markRow(ledger, { batchId, row });
  await ledger.recordSuccess({ batchId, row, record, requestId: `request-${batchId}-${row}` });
}

export function makeLedger(): LedgerBench {
  const account = uniqueName();
  const ledger = createLedger(connectTestRedis(), account);
  const bench: LedgerBench = {
    ledger,
    account,
    begin: (id, notBefore) => beginBatch(ledger, id, notBefore),
    batch: (id, rows, notBefore) => createBatch(ledger, id, rows, notBefore),
    move: (batchId, row, to, more = {}) => ledger.transition({ batchId, row, to, ...more }),
    mark: (batchId, row, token) => markRow(ledger, { batchId, row, token }),
    submit: (batchId, row) => submitRow(ledger, batchId, row),
    async outcomes(batchId) {
      const found: Outcome[] = [];
      for await (const { record } of ledger.iterateRows(batchId)) found.push(record.outcome);
      return found;
    },
    async record(batchId, row) {
      const stored = await ledger.readRow(batchId, row);
      if (stored === undefined) throw new Error(`no row ${row} in ${batchId}`);
      return stored.record;
    },
  };
  return bench;
}

/** Its submit left, and was never answered. */
export async function parkRow(ledger: Ledger, place: Place): Promise<void> {
  await ledger.markRow({ ...place, to: 'uploading', add: { attempts: 1 } });
  await ledger.transition({ ...place, to: 'uploaded' });
  await ledger.markRow({ ...place, to: 'submitting', patch: { token: 't' } });
  const patch = { code: 'SUBMIT_OUTCOME_UNKNOWN', class: 'ambiguous', message: 'm' } as const;
  const step = { to: 'uploaded', fence: 't', patch, add: { ambiguous: 1 }, parkAt: 1 } as const;
  await ledger.transition({ ...place, ...step });
}
