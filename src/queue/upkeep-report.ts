/** What the last upkeep of an account found, for people and dashboards. */
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';

const reportSchema = z.object({
  /** When it ended, in milliseconds since 1970. */
  at: z.coerce.number(),
  /** Host and process. */
  by: z.string(),
  /** Active rows that had no job and were given one. */
  rowsWithoutJob: z.coerce.number(),
});
export type UpkeepReport = z.output<typeof reportSchema>;

export async function writeUpkeepReport(
  redis: RedisClient,
  account: string,
  report: UpkeepReport,
): Promise<void> {
  await redis.hset(accountKeys(account).upkeepReport, report);
}

/** @returns undefined before the first upkeep */
export async function readUpkeepReport(
  redis: RedisClient,
  account: string,
): Promise<UpkeepReport | undefined> {
  const stored = await redis.hgetall(accountKeys(account).upkeepReport);
  return stored.at === undefined ? undefined : reportSchema.parse(stored);
}
