import { AppError } from '../errors.ts';
import { accountNameOf, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { type Batch, parseBatch } from './batch-record.ts';

export async function readBatch(
  { redis, account }: LedgerAccess,
  batchId: string,
): Promise<Batch | undefined> {
  const hash = await redis.hgetall(batchKeys(account, batchId).batch);
  return hash.id === undefined ? undefined : parseBatch(hash);
}

/** @throws AppError BATCH_UNKNOWN */
export async function requireBatch(ledger: LedgerAccess, batchId: string): Promise<Batch> {
  const batch = await readBatch(ledger, batchId);
  if (batch) return batch;
  throw new AppError(
    'BATCH_UNKNOWN',
    `There is no batch ${batchId} in account ${accountNameOf(ledger.account)}.`,
  );
}
