import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { parseRow, type StoredRow } from './row-record.ts';
import { refuseUnreadable } from './unreadable.ts';

/** @returns undefined if there is no such row. @throws AppError ROW_UNREADABLE */
export async function readRow(
  ledger: LedgerAccess,
  batchId: string,
  row: number,
): Promise<StoredRow | undefined> {
  const [stored] = await readRows(ledger, batchId, [row]);
  return stored;
}

/** Those of the rows that exist, in the order asked for. @throws AppError ROW_UNREADABLE */
export async function readRows(
  ledger: LedgerAccess,
  batchId: string,
  numbers: readonly number[],
): Promise<StoredRow[]> {
  const { rows, unreadable } = await tryReadRows(ledger, batchId, numbers);
  refuseUnreadable(batchId, unreadable);
  return rows;
}

/** The same, but for the rows that Redis has damaged: those hide no other. */
export async function tryReadRows(
  { redis, account }: LedgerAccess,
  batchId: string,
  numbers: readonly number[],
): Promise<{ rows: StoredRow[]; unreadable: number[] }> {
  const { rows: records, inputs } = batchKeys(account, batchId);
  const fields = numbers.map(String);
  const [texts, sources] = await Promise.all([
    redis.hmget(records, ...fields),
    redis.hmget(inputs, ...fields),
  ]);
  const rows: StoredRow[] = [];
  const unreadable: number[] = [];
  for (const [index, row] of numbers.entries()) {
    const text = texts[index];
    if (!text) continue;
    try {
      rows.push(parseRow(row, text, sources[index]));
    } catch {
      unreadable.push(row);
    }
  }
  return { rows, unreadable };
}
