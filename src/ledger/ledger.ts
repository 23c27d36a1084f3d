/**
 * The ledger: the durable record of what became of every row and every customer of one account. It decides what is
 * sent; queues only carry the work. Every change of a row is one Lua script (`scripts.ts`).
 */
import type { RedisClient } from '../redis/connect.ts';
import { createBatchStore } from './batch-store.ts';
import { createRedriveStore } from './redrive-store.ts';
import { createRowStore } from './row-store.ts';

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger(redis: RedisClient, account: string, now: () => number = Date.now) {
  const batches = createBatchStore(redis, account, now);
  return {
    account,
    ...batches,
    ...createRowStore(redis, { account, batches, now }),
    ...createRedriveStore(redis, account, now),
  };
}
