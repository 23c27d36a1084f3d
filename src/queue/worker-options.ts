import type { WorkerOptions } from 'bullmq';
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf } from '../redis/keys.ts';

export interface WorkerSettings {
  account: { name: string; rate: number };
  connection: RedisClient;
  concurrency: number;
  lockSeconds: number;
}

/**
 * Options of every worker. The pacer guards the calls. The limiter exists so that a queue can be held (`rateLimit`), and
 * allows twice the rate, because it counts in fixed windows: with the rate itself, jobs are fetched too slowly.
 */
export function workerOptions({ account, connection, concurrency, lockSeconds }: WorkerSettings) {
  return {
    connection,
    prefix: prefixOf(account.name),
    concurrency,
    limiter: { max: 2 * account.rate, duration: 1_000 },
    maximumRateLimitDelay: 5_000,
    lockDuration: lockSeconds * 1_000,
    stalledInterval: lockSeconds * 500,
    // Ends a job behind the ledger's back, so it must never be reached: `workers/processor.ts` has the limit that counts.
    maxStalledCount: 1_000_000,
    // The ledger remembers what was done; finished jobs are kept only for the dashboard.
    removeOnComplete: { age: 3_600, count: 500 },
    removeOnFail: { age: 86_400, count: 2_000 },
  } satisfies WorkerOptions;
}

/** So many jobs at full rate collect while a worker has others to do, but for no longer than a second. */
const COLLECTED = 5;
export const patienceMs = (rate: number) => Math.min(COLLECTED / rate, 1) * 1_000;
