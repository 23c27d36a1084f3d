/**
 * Gives a job to every active row that has none, whatever happened to its job: lost with BullMQ's keys, or never added
 * because a process died.
 *
 * No grace period is needed. Moving a row always writes the ledger first, then the next job, then the end of the
 * previous job. So at every moment the newest job of an active row is in its queue, unless adding it was interrupted.
 * Only one race is left: a row can move between being read here and having its jobs looked up. So uploads are looked up
 * before submits, and the row is read again at the end: it has no job only if it still needs the same step, for the same
 * redrive. If someone else adds the same job at the same moment, the second addition changes nothing, and a job whose
 * step is already done ends at once.
 */
import type { Batch } from '../ledger/batch-record.ts';
import type { Place } from '../ledger/place.ts';
import type { RecordOfRow } from '../ledger/read-records.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { JobTiming } from '../queue/add.ts';
import { findMissingJobs } from '../queue/missing-jobs.ts';
import { replaceJobs } from '../queue/replace-jobs.ts';
import { STEPS, type StepName } from '../redis/keys.ts';
import { idOfJob, jobOf, timingDue } from './jobs-due.ts';
import { stepOf } from './step-of.ts';

export type Giving = Pick<OpenAccount, 'account' | 'ledger' | 'queues' | 'redis' | 'now'>;

export interface GivenJobs {
  /** Rows that were given a job. */
  given: number;
  /** Numbers of rows whose record in the ledger is unreadable; they are left alone. */
  unreadable: number[];
}

/**
 * @param numbers of rows, at most `CHUNK_ROWS`; those that need no job are passed over
 * @param olderThan rows that changed later than this are passed over too, in milliseconds since 1970
 */
export async function giveJobs(
  giving: Giving,
  batch: Batch,
  numbers: readonly number[],
  olderThan = Number.POSITIVE_INFINITY,
): Promise<GivenJobs> {
  const { rows, unreadable } = await giving.ledger.readRecords(batch.id, numbers);
  const old = rows.filter(({ record }) => record.at < olderThan);
  const suspects = await findWithoutJob(giving, batch.id, old);
  const again = await giving.ledger.readRecords(
    batch.id,
    suspects.map(({ row }) => row),
  );
  const missing = again.rows.filter((row) => suspects.some((seen) => isStillDue(row, seen)));
  await replace(giving, batch, missing);
  return { given: missing.length, unreadable: [...unreadable, ...again.unreadable] };
}

/** Gives jobs to rows of any batches that may be sent now. The upkeep does the same, but only every half minute. */
export async function giveJobsTo(giving: Giving, places: readonly Place[]): Promise<void> {
  for (const batchId of new Set(places.map((place) => place.batchId))) {
    const batch = await giving.ledger.readBatch(batchId);
    const rows = places.filter((place) => place.batchId === batchId).map(({ row }) => row);
    if (batch !== undefined) await giveJobs(giving, batch, rows);
  }
}

async function findWithoutJob(
  giving: Giving,
  batchId: string,
  rows: readonly RecordOfRow[],
): Promise<RecordOfRow[]> {
  const active = rows.filter(({ record }) => stepOf(record.outcome) !== undefined);
  const notUploading = await withoutJobOf('upload', giving, { batchId, rows: active });
  const before = notUploading.filter(({ record }) => stepOf(record.outcome) === 'upload');
  const after = notUploading.filter(({ record }) => stepOf(record.outcome) === 'submit');
  return [...before, ...(await withoutJobOf('submit', giving, { batchId, rows: after }))];
}

async function withoutJobOf(
  step: StepName,
  { account, redis }: Giving,
  { batchId, rows }: { batchId: string; rows: readonly RecordOfRow[] },
): Promise<RecordOfRow[]> {
  const queue = { redis, account: account.ledger, queue: step };
  const ids = rows.map((row) => idOfJob(batchId, step, row));
  const missing = await findMissingJobs(queue, ids);
  return rows.filter((_, index) => missing.has(ids[index] ?? ''));
}

function isStillDue(now: RecordOfRow, seen: RecordOfRow): boolean {
  const step = stepOf(now.record.outcome);
  return (
    now.row === seen.row &&
    step !== undefined &&
    step === stepOf(seen.record.outcome) &&
    now.record.redrive === seen.record.redrive
  );
}

async function replace(
  { queues, now }: Giving,
  batch: Batch,
  missing: readonly RecordOfRow[],
): Promise<void> {
  for (const step of STEPS)
    for (const { timing, rows } of byTiming(batch, missing, now())) {
      const due = rows.filter(({ record }) => stepOf(record.outcome) === step);
      // The delay applies to the upload; by the time of the submit it is over.
      const wanted = step === 'upload' ? timing : { priority: timing.priority };
      await replaceJobs(queues, step, { rows: due.map((row) => jobOf(batch.id, row)), timing: wanted });
    }
}

/** Rows with the same timing are added together. */
function byTiming(batch: Batch, rows: readonly RecordOfRow[], now: number) {
  const groups = new Map<string, { timing: JobTiming; rows: RecordOfRow[] }>();
  for (const row of rows) {
    const timing = timingDue(batch, row, now);
    const group = groups.get(JSON.stringify(timing)) ?? { timing, rows: [] };
    group.rows.push(row);
    groups.set(JSON.stringify(timing), group);
  }
  return groups.values();
}
