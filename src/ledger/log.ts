/** The history of a batch: what people did to it. */
import { z } from 'zod';
import { jsonForScript } from '../redis/json.ts';
import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

/** One thing that a person did to a batch. */
const logEntrySchema = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  by: z.string(),
  action: z.string(),
  details: z.string(),
});
/** Something that a person did to a batch. */
export type LogEntry = z.output<typeof logEntrySchema>;

export const noteScript = defineLedgerScript('log', { needs: 'base', isOnce: true, decode: () => undefined });

/** Records what a person did; a very long history loses its oldest entries, and a batch that is gone gets none. */
export async function note(
  ledger: LedgerAccess,
  batchId: string,
  entry: Omit<LogEntry, 'at'>,
): Promise<void> {
  await runLedgerScript(noteScript, ledger, [batchId, jsonForScript(entry)]);
}

/** Oldest first. */
export async function readLog({ redis, account }: LedgerAccess, batchId: string): Promise<LogEntry[]> {
  const entries = await redis.lrange(batchKeys(account, batchId).log, 0, -1);
  return entries.map((text) => logEntrySchema.parse(JSON.parse(text)));
}
