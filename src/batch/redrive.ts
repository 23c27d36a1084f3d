/**
 * Enqueues failed or cancelled rows of a batch again. A row moves to `pending` before it has a job; whoever is killed
 * between the two leaves an unfinished redrive, which `complete-redrives.ts` completes.
 */
import type { Redrive } from '../ledger/redrive-record.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { addJobs, type JobTiming } from '../queue/add.ts';
import { PRIORITY } from '../queue/priority.ts';
import { plural } from '../text.ts';
import type { By } from './by.ts';
import { claimRows } from './claim-rows.ts';
import { createFilter, describeFilter, type RedriveFilter } from './filter.ts';
import { checkOrder, redriveOrderSchema } from './orders.ts';

export type Redriving = Pick<OpenAccount, 'ledger' | 'queues' | 'now'>;

export interface RedriveOrder extends By {
  filter: RedriveFilter;
  /** Earliest time at which the rows may be sent, in milliseconds since 1970; by default at once. */
  notBefore?: number;
}

export interface Redriven {
  /** Rows that are enqueued again. */
  rows: number;
  /** Rows left as they are, because another batch has their customer by now. */
  busy: number;
}

/** @throws AppError USAGE if the filter is empty */
export async function redrive(
  { ledger, queues, now }: Redriving,
  batchId: string,
  { by, filter: wanted, notBefore }: RedriveOrder,
): Promise<Redriven> {
  checkOrder(redriveOrderSchema, { by, notBefore });
  const picks = createFilter(wanted);
  const filter = describeFilter(wanted);
  let begun: Redrive | undefined;
  const result = { rows: 0, busy: 0 };
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const rows = chunk.filter(picks);
    if (rows.length === 0) continue;
    begun ??= await ledger.beginRedrive(batchId, { kind: 'redrive', by, filter, notBefore });
    const jobs = await claimRows(ledger, { batchId, rows, redrive: begun.number });
    await addJobs(queues, 'upload', jobs, timingOf(begun, now()));
    result.rows += jobs.length;
    result.busy += rows.length - jobs.length;
  }
  if (begun !== undefined) await ledger.endRedrive(batchId, begun);
  const details = `${plural(result.rows, 'row')} (${filter})`;
  if (result.rows > 0) await ledger.note(batchId, { by, action: 'retry', details });
  return result;
}

/** Ahead of everything that waits, but not before its time. @param now milliseconds since 1970 */
export function timingOf({ notBefore }: Pick<Redrive, 'notBefore'>, now: number): JobTiming {
  return { priority: PRIORITY.first, delay: notBefore === undefined ? 0 : Math.max(notBefore - now, 0) };
}
