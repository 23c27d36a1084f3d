import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** How long a request that brought rows is known by its key, in seconds: as long as it may be repeated. */
export const REQUEST_KEPT_SECONDS = 86_400;

/** What a request has brought. */
export interface Requested {
  batchId: string;
  /** Of a single customer. */
  row?: number;
}

/** The number of the redrive of a batch that an earlier run of the same request began. */
export async function findRedrive(
  ledger: LedgerAccess,
  batchId: string,
  requestKey: string,
): Promise<number | undefined> {
  const found = await findRequested(ledger, requestKey);
  return found?.batchId === batchId ? found.row : undefined;
}

/**
 * The batch, or the row, that an earlier run of the same request began; it may not have come further than that.
 * @param requestKey the same for a request and its repetition, and for nothing else
 */
export async function findRequested(
  { redis, account }: LedgerAccess,
  requestKey: string,
): Promise<Requested | undefined> {
  const found = await redis.get(accountKeys(account).request(requestKey));
  const [batchId, row] = found?.split(' ') ?? [];
  if (batchId === undefined) return undefined;
  return row === undefined ? { batchId } : { batchId, row: Number(row) };
}
