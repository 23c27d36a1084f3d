import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

export interface CodeCount {
  /** A peer's code or ours; `OTHER` stands for all beyond the first 200. */
  code: string;
  rows: number;
}

/** How many rows failed with each code, the most frequent first. */
export async function countCodes({ redis, account }: LedgerAccess, batchId: string): Promise<CodeCount[]> {
  const counters = await redis.hgetall(batchKeys(account, batchId).codes);
  return Object.entries(counters)
    .map(([code, rows]) => ({ code, rows: Number(rows) }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows || a.code.localeCompare(b.code));
}
