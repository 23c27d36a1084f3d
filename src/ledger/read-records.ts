import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { parseRecord, type RowRecord } from './row-record.ts';

export interface RecordOfRow {
  row: number;
  record: RowRecord;
}

/** The records of rows, without their inputs. */
export async function readRecords(
  { redis, account }: LedgerAccess,
  batchId: string,
  numbers: readonly number[],
): Promise<{ rows: RecordOfRow[]; unreadable: number[] }> {
  const rows: RecordOfRow[] = [];
  const unreadable: number[] = [];
  if (numbers.length === 0) return { rows, unreadable };
  const stored = await redis.hmget(batchKeys(account, batchId).rows, ...numbers.map(String));
  for (const [index, row] of numbers.entries()) {
    const text = stored[index];
    if (!text) continue;
    try {
      rows.push({ row, record: parseRecord(text) });
    } catch {
      unreadable.push(row);
    }
  }
  return { rows, unreadable };
}
