/** What every statement of the ledger works with: one account's part of Redis, and a clock. */
import type { RedisClient } from '../redis/connect.ts';

export interface LedgerAccess {
  redis: RedisClient;
  account: string;
  /** Milliseconds since 1970. */
  now: () => number;
}
