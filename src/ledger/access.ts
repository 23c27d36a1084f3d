/** What every statement of the ledger works with: one account's part of Redis, which also has the clock. */
import type { RedisClient } from '../redis/connect.ts';

export interface LedgerAccess {
  redis: RedisClient;
  account: string;
}
