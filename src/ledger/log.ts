/** The history of a batch: what people did to it. */
import { z } from 'zod';
import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

const LOG_ENTRIES_MAX = 1_000;

/** One thing that a person did to a batch. */
const logEntrySchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  by: z.string(),
  action: z.string(),
  details: z.string(),
});
export type LogEntry = z.output<typeof logEntrySchema>;

/** Records what a person did; a very long history loses its oldest entries. */
export async function note(
  { redis, account, now }: LedgerAccess,
  batchId: string,
  entry: Omit<LogEntry, 'at'>,
): Promise<void> {
  const { log } = batchKeys(account, batchId);
  await redis
    .multi()
    .rpush(log, JSON.stringify({ at: now(), ...entry }))
    .ltrim(log, -LOG_ENTRIES_MAX, -1)
    .exec();
}

/** Oldest first. */
export async function readLog({ redis, account }: LedgerAccess, batchId: string): Promise<LogEntry[]> {
  const entries = await redis.lrange(batchKeys(account, batchId).log, 0, -1);
  return entries.map((text) => logEntrySchema.parse(JSON.parse(text)));
}
