import { accountKeys, accountNameOf, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

export interface NewBatch {
  id: string;
  name: string;
  /** Where the rows came from, for people. */
  source: string;
  /** Identity of the rows, by which importing them again finds an interrupted import. */
  sourceKey: string;
  by: string;
  columns: string[];
  priority: number;
  /** The batch pauses after more than this many identical refusals in a row; 0 for never. */
  maxFailures: number;
  /** Earliest time at which its rows may be sent, in milliseconds since 1970; absent for at once. */
  notBefore?: number;
}

/** Records a batch in the state `enqueuing`, before its first row. */
export async function createBatch({ redis, account, now }: LedgerAccess, batch: NewBatch): Promise<void> {
  const { columns, sourceKey, ...facts } = batch;
  const keys = accountKeys(account);
  const fields = {
    ...facts,
    account: accountNameOf(account),
    state: 'enqueuing',
    columns: JSON.stringify(columns),
    created: now(),
  };
  await redis
    .multi()
    .hset(batchKeys(account, batch.id).batch, fields)
    .zadd(keys.batches, fields.created, batch.id)
    .hset(keys.sources, sourceKey, batch.id)
    .exec();
}
