import { z } from 'zod';
import { jsonForScript } from '../redis/json.ts';
import type { LedgerAccess } from './access.ts';
import { BATCH_STATES } from './batch-state.ts';
import { REQUEST_KEPT_SECONDS } from './find-requested.ts';
import type { NewRedrive } from './redrive-record.ts';
import { defineLedgerScript, runLedgerScript } from './scripts.ts';

const resultSchema = z.object({
  /** `done`, `gone`, or what is in the way. */
  verdict: z.string(),
  /** Of the batch from now on; null if there is no such batch. */
  state: z.enum(BATCH_STATES).nullable(),
  /** Of the redrive that begins. */
  number: z.number(),
});
export type FactsChanged = z.output<typeof resultSchema>;

export const changeFactsScript = defineLedgerScript('change-facts', {
  needs: 'rows',
  isOnce: true,
  decode: resultSchema.parse,
});

interface FactsChange {
  change:
    | 'seal'
    | 'cancel'
    | 'pause'
    | 'resume'
    | 'prioritize'
    | 'withdraw'
    | 'redrive'
    | 'retry'
    | 'throttled';
  by?: string;
  more?: string;
}

function changeFacts(
  ledger: LedgerAccess,
  batchId: string,
  { change, by = '', more = '' }: FactsChange,
): Promise<FactsChanged> {
  return runLedgerScript(changeFactsScript, ledger, [batchId, change, by, more]);
}

/** All rows are there; importing them again is a new import. */
export async function seal(ledger: LedgerAccess, batchId: string): Promise<void> {
  await changeFacts(ledger, batchId, { change: 'seal' });
}

/** From here on no row of the batch is sent, and rows that are still being added are `cancelled`. */
export function cancelBatch(ledger: LedgerAccess, batchId: string, by: string): Promise<FactsChanged> {
  return changeFacts(ledger, batchId, { change: 'cancel', by });
}

/** From here on no row of the batch is sent until it is resumed. */
export function pauseBatch(ledger: LedgerAccess, batchId: string, by: string): Promise<FactsChanged> {
  return changeFacts(ledger, batchId, { change: 'pause', by });
}

export function resumeBatch(ledger: LedgerAccess, batchId: string, by: string): Promise<FactsChanged> {
  return changeFacts(ledger, batchId, { change: 'resume', by });
}

/** Jobs that its rows are given from here on have this priority. */
export function prioritizeBatch(
  ledger: LedgerAccess,
  batchId: string,
  { by, priority }: { by: string; priority: number },
): Promise<FactsChanged> {
  return changeFacts(ledger, batchId, { change: 'prioritize', by, more: String(priority) });
}

/** @returns whether it is up to the caller to withdraw the jobs of a batch that paused */
export async function claimWithdrawal(ledger: LedgerAccess, batchId: string): Promise<boolean> {
  return (await changeFacts(ledger, batchId, { change: 'withdraw' })).verdict === 'done';
}

/**
 * Puts a redrive on record, before it takes its first row. If a person wants it, a batch that was cancelled, and is over,
 * no longer is; one on a schedule leaves it alone. What an earlier run of the same request began goes on.
 */
export function beginRedrive(
  ledger: LedgerAccess,
  batchId: string,
  {
    isScheduled,
    requestKey,
    ...redrive
  }: NewRedrive & { isScheduled: boolean; requestKey?: string | undefined },
): Promise<FactsChanged> {
  const change = isScheduled ? 'redrive' : 'retry';
  const request = requestKey && { key: requestKey, keptSeconds: REQUEST_KEPT_SECONDS };
  const more = jsonForScript({ ...redrive, ...(request && { request }) });
  return changeFacts(ledger, batchId, { change, by: redrive.by, more });
}

/** Counts a throttled call of a batch, for its progress line. */
export async function countThrottled(ledger: LedgerAccess, batchId: string): Promise<void> {
  await changeFacts(ledger, batchId, { change: 'throttled' });
}
