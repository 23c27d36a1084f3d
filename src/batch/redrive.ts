/**
 * Enqueues failed rows again, and gives the rows of a batch that was paused their jobs back. A row moves to `pending`
 * before it has a job; whoever is killed between the two leaves an unfinished redrive, which the workers complete.
 */
import { fingerprintOf } from '../customer/fingerprint.ts';
import { customerOfStored } from '../customer/validate.ts';
import { AppError } from '../errors.ts';
import { countActive, type Outcome } from '../ledger/outcome.ts';
import type { Batch, Redrive } from '../ledger/records.ts';
import type { StoredRow } from '../ledger/row-store.ts';
import type { AccountRuntime } from '../onboarding/open-account.ts';
import type { RowJob } from '../queue/job.ts';
import { addSubmits, addUploads, type JobTiming, PRIORITY } from '../queue/queues.ts';
import { jobsOf } from './row-jobs.ts';

type Redriving = Pick<AccountRuntime, 'ledger' | 'queues'>;

/** Rows that the recurring redrive looks at in one run. */
const RECOVERABLE_MAX = 10_000;
/** Times the recurring redrive tries a row. */
const ROUNDS_MAX = 5;
/** A redrive that is older than this and not at its end was killed, in milliseconds. */
const ABANDONED_AFTER_MS = 10 * 60_000;

export interface Redriven {
  /** Rows that are enqueued again. */
  rows: number;
  /** Rows left as they are, because another batch has the customer by now. */
  busy: number;
}

export interface RedriveOrder {
  by: string;
  picks: (row: StoredRow) => boolean;
  /** What `picks` picks, in words, for the history. */
  filter: string;
  /** Before the rows are sent, in milliseconds from now. */
  delayMs?: number;
}

/** Enqueues those failed or cancelled rows of a batch that the order picks. */
export async function redrive(
  { ledger, queues }: Redriving,
  batchId: string,
  { by, picks, filter, delayMs }: RedriveOrder,
): Promise<Redriven> {
  const notBefore = delayMs === undefined ? undefined : Date.now() + delayMs;
  let begun: Redrive | undefined;
  const result = { rows: 0, busy: 0 };
  for await (const chunk of ledger.iterateChunks(batchId)) {
    const picked = chunk.filter(picks);
    if (picked.length === 0) continue;
    begun ??= await ledger.beginRedrive(batchId, { kind: 'redrive', by, filter, notBefore });
    const jobs = await claimRows(ledger, batchId, picked, begun.round);
    await addUploads(queues, jobs, timingOf(begun));
    result.rows += jobs.length;
    result.busy += picked.length - jobs.length;
  }
  if (begun !== undefined) await ledger.endRedrive(batchId, begun);
  return result;
}

/** One run of the recurring redrive: rows that failed for a reason that may have passed, five times each at most. */
export async function redriveRecoverable({ ledger, queues }: Redriving): Promise<number> {
  const rowsOf = new Map<string, StoredRow[]>();
  for (const { batchId, row } of await ledger.listRecoverable(RECOVERABLE_MAX)) {
    const stored = await ledger.readRow(batchId, row);
    if (stored === undefined || stored.record.rounds >= ROUNDS_MAX) {
      await ledger.dropRecoverable(batchId, row);
      continue;
    }
    const rows = rowsOf.get(batchId) ?? [];
    rows.push(stored);
    rowsOf.set(batchId, rows);
  }
  let redriven = 0;
  for (const [batchId, rows] of rowsOf) {
    const order = { kind: 'redrive', by: 'schedule', filter: 'failed for a passing reason' } as const;
    const begun = await ledger.beginRedrive(batchId, order);
    const jobs = await claimRows(ledger, batchId, rows, begun.round, { rounds: 1 });
    await addUploads(queues, jobs, timingOf(begun));
    await ledger.endRedrive(batchId, begun);
    redriven += jobs.length;
  }
  return redriven;
}

/** Moves rows to `pending`, all at once. @returns the jobs of those that were free to go */
async function claimRows(
  ledger: Redriving['ledger'],
  batchId: string,
  rows: readonly StoredRow[],
  round: number,
  add: { rounds?: number } = {},
): Promise<RowJob[]> {
  const columns = await ledger.readColumns(batchId);
  const claimed = await Promise.all(
    rows.map(async ({ row, input }) => {
      const customer = customerOfStored(columns, input.values);
      const job = { batchId, row, custSpaceId: customer.CustSpaceId, round };
      return (await claimRow(ledger, job, fingerprintOf(customer, input.sha256), add)) ? [job] : [];
    }),
  );
  return claimed.flat();
}

async function claimRow(
  ledger: Redriving['ledger'],
  { round, ...row }: RowJob,
  claim: string,
  add: { rounds?: number },
): Promise<boolean> {
  try {
    // A lost answer stays on record; only what this redrive tries anew is counted anew.
    await ledger.transition({
      ...row,
      to: 'pending',
      patch: { class: null, tries: 0, redrive: round },
      add,
      claim,
    });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'TRANSITION_REFUSED') return false;
    throw error;
  }
}

/** Lets a paused batch go on: every row that is not done gets a new job. @returns how many */
export async function resumeBatch({ ledger, queues }: Redriving, batchId: string, by: string) {
  const batch = await ledger.requireBatch(batchId);
  if (batch.state !== 'paused')
    throw new AppError('BATCH_STATE', `The batch ${batchId} is ${batch.state}, not paused.`);
  const begun = await ledger.beginRedrive(batchId, { kind: 'resume', by, filter: 'not done' });
  await enqueueRows({ ledger, queues }, batch, begun);
  return countActive(batch.counts);
}

/** Gives jobs to the rows of redrives that were killed in the middle. @returns how many redrives */
export async function completeRedrives(runtime: Redriving, now = Date.now()): Promise<number> {
  const abandoned = await runtime.ledger.listUnfinishedRedrives(now - ABANDONED_AFTER_MS);
  for (const { batchId, redrive: begun } of abandoned)
    await enqueueRows(runtime, await runtime.ledger.requireBatch(batchId), begun);
  return abandoned.length;
}

/** Adds the jobs of a redrive's rows; those that are there already stay as they are. */
async function enqueueRows(runtime: Redriving, batch: Batch, begun: Redrive): Promise<void> {
  const { ledger, queues } = runtime;
  const timing = begun.kind === 'resume' ? { priority: batch.priority || PRIORITY.normal } : timingOf(begun);
  for await (const chunk of ledger.iterateChunks(batch.id)) {
    const rows = chunk.filter(({ record }) => begun.kind === 'resume' || record.redrive === begun.round);
    const jobsFor = (...outcomes: Outcome[]) =>
      jobsOf(
        ledger,
        batch.id,
        rows.filter(({ record }) => outcomes.includes(record.outcome)),
        begun.round,
      );
    await addUploads(queues, await jobsFor('pending', 'uploading'), timing);
    await addSubmits(queues, await jobsFor('uploaded', 'submitting'), timing.priority);
  }
  await ledger.endRedrive(batch.id, begun);
}

function timingOf({ notBefore }: Redrive): JobTiming {
  const delay = notBefore === undefined ? 0 : Math.max(notBefore - Date.now(), 0);
  return { priority: PRIORITY.first, delay };
}
