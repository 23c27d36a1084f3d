import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { readBatch } from './read-batch.ts';

/** The batch of an interrupted import of the same rows, if there is one. */
export async function findInterrupted(ledger: LedgerAccess, sourceKey: string): Promise<string | undefined> {
  const id = await ledger.redis.hget(accountKeys(ledger.account).sources, sourceKey);
  const batch = id ? await readBatch(ledger, id) : undefined;
  return batch?.sealedAt === undefined ? batch?.id : undefined;
}
