/** Enqueues failed rows again, and gives the rows of a batch that was paused their jobs back. */
import { fingerprintOf } from '../customer/customer.ts';
import { customerOfStored } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import { addSubmit, addUploads, PRIORITY } from '../queue/queues.ts';
import type { AccountRuntime } from '../queue/runtime.ts';
import type { StoredRow } from './row-store.ts';

type Redriving = Pick<AccountRuntime, 'ledger' | 'queues'>;

/** Rows that the recurring redrive looks at in one run. */
const RECOVERABLE_MAX = 10_000;
/** Times the recurring redrive tries a row. */
const ROUNDS_MAX = 5;

export interface Redriven {
  /** Rows that are enqueued again. */
  rows: number;
  /** Rows left as they are, because another batch has the customer by now. */
  busy: number;
}

/**
 * Enqueues those failed or cancelled rows of a batch that the filter picks.
 * @param delayMs from now
 */
export async function redrive(
  runtime: Redriving,
  batchId: string,
  picks: (row: StoredRow) => boolean,
  delayMs = 0,
): Promise<Redriven> {
  const round = await runtime.ledger.nextRound(batchId);
  const result = { rows: 0, busy: 0 };
  for await (const row of runtime.ledger.iterateRows(batchId)) {
    if (!picks(row)) continue;
    if (await redriveRow(runtime, batchId, row, { round, add: {}, delayMs })) result.rows++;
    else result.busy++;
  }
  return result;
}

/** One run of the recurring redrive: rows that failed for a reason that may have passed, five times each at most. */
export async function redriveRecoverable(runtime: Redriving): Promise<number> {
  const { ledger } = runtime;
  const rounds = new Map<string, number>();
  let redriven = 0;
  for (const { batchId, row } of await ledger.listRecoverable(RECOVERABLE_MAX)) {
    const stored = await ledger.readRow(batchId, row);
    if (stored === undefined || stored.record.rounds >= ROUNDS_MAX) {
      await ledger.dropRecoverable(batchId, row);
      continue;
    }
    const round = rounds.get(batchId) ?? (await ledger.nextRound(batchId));
    rounds.set(batchId, round);
    if (await redriveRow(runtime, batchId, stored, { round, add: { rounds: 1 }, delayMs: 0 })) redriven++;
  }
  return redriven;
}

async function redriveRow(
  { ledger, queues }: Redriving,
  batchId: string,
  { row, input }: StoredRow,
  { round, add, delayMs }: { round: number; add: { rounds?: number }; delayMs: number },
): Promise<boolean> {
  const customer = customerOfStored(await ledger.readColumns(batchId), input.values);
  const data = { batchId, row, custSpaceId: customer.CustSpaceId, round };
  const claim = fingerprintOf(customer, input.sha256);
  try {
    // A lost answer stays on record; only what this redrive tries anew is counted anew.
    await ledger.transition({
      ...data,
      to: 'pending',
      patch: { class: null, tries: 0 },
      add,
      claim,
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'TRANSITION_REFUSED') return false;
    throw error;
  }
  await addUploads(queues, [data], { priority: PRIORITY.first, delay: delayMs });
  return true;
}

/** Lets a paused batch go on: every row that is not done gets a new job. @returns how many */
export async function resumeBatch({ ledger, queues }: Redriving, batchId: string): Promise<number> {
  const batch = await ledger.requireBatch(batchId);
  if (batch.state !== 'paused')
    throw new AppError('BATCH_STATE', `The batch ${batchId} is ${batch.state}, not paused.`);
  const round = await ledger.unpause(batchId);
  const columns = await ledger.readColumns(batchId);
  const priority = batch.priority || PRIORITY.normal;
  let rows = 0;
  for await (const { row, record, input } of ledger.iterateRows(batchId)) {
    const data = { batchId, row, custSpaceId: customerOfStored(columns, input.values).CustSpaceId, round };
    if (record.outcome === 'pending' || record.outcome === 'uploading')
      await addUploads(queues, [data], { priority });
    else if (record.outcome === 'uploaded' || record.outcome === 'submitting')
      await addSubmit(queues, data, priority);
    else continue;
    rows++;
  }
  return rows;
}
