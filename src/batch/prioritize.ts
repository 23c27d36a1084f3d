/** Lets a batch go before others, or after them: what waits and whatever is given a job later. */
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { prioritizeJobs } from '../queue/prioritize.ts';
import type { By } from './by.ts';
import { jobOf } from './jobs-due.ts';
import { checkOrder, prioritizeOrderSchema } from './orders.ts';
import { requireDone } from './require-done.ts';
import { stepOf } from './step-of.ts';

export interface PrioritizeOrder extends By {
  /** From 2 to 1,000,000; lower goes first, and 100 is usual. */
  priority: number;
}

/** What a change of priority moved. */
export interface Prioritized {
  /** Waiting rows that were moved. Rows that are retried keep their place: they go first anyway. */
  rows: number;
}

/**
 * Repeating it completes one that was interrupted.
 * @throws AppError BATCH_STATE if the batch is finished, cancelled, or still being enqueued; USAGE
 */
export async function prioritize(
  { ledger, queues }: Pick<OpenAccount, 'ledger' | 'queues'>,
  batchId: string,
  { by, priority }: PrioritizeOrder,
): Promise<Prioritized> {
  checkOrder(prioritizeOrderSchema, { by, priority });
  // The fact first: what is given a job from here on gets it right, so only what waits already is left to move.
  requireDone(batchId, await ledger.prioritizeBatch(batchId, { by, priority }));
  const selection = { outcomes: ['pending', 'uploaded'], size: CHUNK_ROWS } as const;
  let rows = 0;
  for await (const numbers of ledger.iteratePortions(batchId, selection)) {
    const { rows: records } = await ledger.readRecords(batchId, numbers);
    const waiting = records.filter(({ record }) => record.redrive === undefined && record.code === undefined);
    for (const step of ['upload', 'submit'] as const) {
      const due = waiting.filter(({ record }) => stepOf(record.outcome) === step);
      await prioritizeJobs(queues, step, { rows: due.map((row) => jobOf(batchId, row)), priority });
    }
    rows += waiting.length;
  }
  return { rows };
}
