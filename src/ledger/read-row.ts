import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { parseRow, type StoredRow } from './row-record.ts';

export async function readRow(
  ledger: LedgerAccess,
  batchId: string,
  row: number,
): Promise<StoredRow | undefined> {
  const [stored] = await readRows(ledger, batchId, [row]);
  return stored;
}

/** Those of the rows that exist, in the order asked for. */
export async function readRows(
  { redis, account }: LedgerAccess,
  batchId: string,
  numbers: readonly number[],
): Promise<StoredRow[]> {
  const { rows, inputs } = batchKeys(account, batchId);
  const fields = numbers.map(String);
  const [records, sources] = await Promise.all([
    redis.hmget(rows, ...fields),
    redis.hmget(inputs, ...fields),
  ]);
  return numbers.flatMap((row, index) => {
    const [record, input] = [records[index], sources[index]];
    return record ? [parseRow(row, record, input)] : [];
  });
}
