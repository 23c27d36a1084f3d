/** The rows of batches and the customers behind them: enrolled, moved from outcome to outcome, read in order. */
import { AppError, type ErrorClass } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, batchKeys } from '../redis/keys.ts';
import { createScript } from '../redis/script.ts';
import type { BatchStore } from './batch-store.ts';
import type { Outcome } from './outcome.ts';
import {
  type BatchState,
  type CustomerRecord,
  customerRecordSchema,
  type RowInput,
  type RowRecord,
  rowInputSchema,
  rowRecordSchema,
} from './records.ts';
import { ENROLL_SCRIPT, READ_FOR_RUN_SCRIPT, TRANSITION_SCRIPT } from './scripts.ts';

/** Rows read or written by one command. */
export const CHUNK_ROWS = 500;

export interface NewRow {
  row: number;
  custSpaceId: string;
  fingerprint: string;
  input: RowInput;
}

export interface RowPatch {
  code?: string | null;
  message?: string | null;
  hint?: string | null;
  class?: ErrorClass | null;
  parked?: boolean;
  redrive?: number;
  tries?: 0;
  token?: string;
  authorizeRequestId?: string;
  putRequestId?: string;
  requestId?: string;
  isvTerms?: string;
}

export interface Transition {
  batchId: string;
  row: number;
  custSpaceId: string;
  to: Outcome;
  patch?: RowPatch;
  add?: Partial<Record<'attempts' | 'ambiguous' | 'reauthorized' | 'rounds' | 'tries', number>>;
  /** The attempt that holds the row; a row that is being submitted moves only with it. */
  fence?: string;
  /** A redrive claims the customer for this row again, and is refused where another batch has it. */
  claim?: string;
}

export interface StoredRow {
  row: number;
  record: RowRecord;
  input: RowInput;
}

export interface RowOfRun extends StoredRow {
  state: BatchState | undefined;
}

export interface RowStoreOptions {
  account: string;
  batches: BatchStore;
  now: () => number;
}

export function createRowStore(redis: RedisClient, { account, batches, now }: RowStoreOptions) {
  const keys = accountKeys(account);
  const runTransition = createScript<[number, string]>(redis, TRANSITION_SCRIPT);
  const runRead = createScript<(string | null)[]>(redis, READ_FOR_RUN_SCRIPT);
  const runEnroll = createScript<string[]>(redis, ENROLL_SCRIPT);

  /** Adds rows; returns the numbers of those that need an upload job. May be repeated. */
  async function enroll(batchId: string, rows: readonly NewRow[]): Promise<number[]> {
    const { batch, rows: rowsKey, inputs } = batchKeys(account, batchId);
    const values = rows.flatMap((row) => [
      row.row,
      row.custSpaceId,
      row.fingerprint,
      JSON.stringify(row.input),
    ]);
    const needed = await runEnroll([batch, rowsKey, inputs, keys.customers], [batchId, now(), ...values]);
    return needed.map(Number);
  }

  /**
   * Moves a row to another outcome, with its counters, in one step.
   * @throws AppError TRANSITION_REFUSED where the row has an outcome from which this is impossible, or another
   *   attempt holds it. Nothing has changed then.
   */
  async function transition(move: Transition): Promise<RowRecord> {
    const { batch, rows, events } = batchKeys(account, move.batchId);
    const [isMoved, text] = await runTransition(
      [batch, rows, keys.customers, events, keys.recoverable],
      [
        move.row,
        move.to,
        JSON.stringify(move.patch ?? {}),
        JSON.stringify(move.add ?? {}),
        move.fence ?? '',
        now(),
        move.custSpaceId,
        move.claim ?? '',
      ],
    );
    const record = rowRecordSchema.parse(JSON.parse(text));
    if (isMoved === 1) return record;
    throw new AppError(
      'TRANSITION_REFUSED',
      `Row ${move.row} of ${move.batchId} is ${record.outcome}, not ready to be ${move.to}.`,
    );
  }

  /** Rows that failed for a reason that may have passed, oldest first. */
  async function listRecoverable(limit: number): Promise<{ batchId: string; row: number }[]> {
    const members = await redis.zrange(keys.recoverable, '0', String(limit - 1));
    return members.map((member) => {
      const [batchId = '', row] = member.split(' ');
      return { batchId, row: Number(row) };
    });
  }

  /** Leaves a row out of the recurring redrive from now on. */
  async function dropRecoverable(batchId: string, row: number): Promise<void> {
    await redis.zrem(keys.recoverable, `${batchId} ${row}`);
  }

  async function readRow(batchId: string, row: number): Promise<StoredRow | undefined> {
    const [stored] = await readRows(batchId, [row]);
    return stored;
  }

  /** A row with the state of its batch, in one round trip: every run of a job begins with it. */
  async function readForRun(batchId: string, row: number): Promise<RowOfRun | undefined> {
    const { batch, rows, inputs } = batchKeys(account, batchId);
    const [record, input, state] = await runRead([rows, inputs, batch], [row]);
    if (!record || !input) return undefined;
    return { ...parseRow(row, record, input), state: (state ?? undefined) as BatchState | undefined };
  }

  async function readRows(batchId: string, numbers: readonly number[]): Promise<StoredRow[]> {
    const { rows, inputs } = batchKeys(account, batchId);
    const fields = numbers.map(String);
    const [records, sources] = await Promise.all([
      redis.hmget(rows, ...fields),
      redis.hmget(inputs, ...fields),
    ]);
    return numbers.flatMap((row, index) => {
      const [record, input] = [records[index], sources[index]];
      if (!record || !input) return [];
      return [parseRow(row, record, input)];
    });
  }

  /** Every row of a batch in its order, in chunks. */
  async function* iterateChunks(batchId: string): AsyncGenerator<StoredRow[]> {
    const { lastRow } = await batches.requireBatch(batchId);
    for (let first = 1; first <= lastRow; first += CHUNK_ROWS) {
      const length = Math.min(CHUNK_ROWS, lastRow - first + 1);
      yield await readRows(
        batchId,
        Array.from({ length }, (_, index) => first + index),
      );
    }
  }

  /** Every row of a batch in its order, one by one. */
  async function* iterateRows(batchId: string): AsyncGenerator<StoredRow> {
    for await (const chunk of iterateChunks(batchId)) yield* chunk;
  }

  /** What is known of customers from all batches, in the order asked. */
  async function readCustomers(ids: readonly string[]): Promise<(CustomerRecord | undefined)[]> {
    if (ids.length === 0) return [];
    const stored = await redis.hmget(keys.customers, ...ids);
    return stored.map((text) => (text ? customerRecordSchema.parse(JSON.parse(text)) : undefined));
  }

  return {
    enroll,
    transition,
    listRecoverable,
    dropRecoverable,
    readRow,
    readForRun,
    iterateChunks,
    iterateRows,
    readCustomers,
  };
}

function parseRow(row: number, record: string, input: string): StoredRow {
  return {
    row,
    record: rowRecordSchema.parse(JSON.parse(record)),
    input: rowInputSchema.parse(JSON.parse(input)),
  };
}
