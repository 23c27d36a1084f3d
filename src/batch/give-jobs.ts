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
import type { ActiveRow } from '../ledger/list-active-rows.ts';
import type { StoredRow } from '../ledger/row-record.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { RowJob } from '../queue/job.ts';
import { findMissingJobs } from '../queue/missing-jobs.ts';
import { replaceJobs } from '../queue/replace-jobs.ts';
import { STEPS, type StepName } from '../redis/keys.ts';
import { type JobsDue, jobIdsOf, newestNumber, timingDue } from './jobs-due.ts';
import { jobsOf } from './row-jobs.ts';
import { stepOf } from './step-of.ts';

export type Giving = Pick<OpenAccount, 'account' | 'ledger' | 'queues' | 'redis' | 'now'>;

/** A row without a job, and the job that it needs. */
interface Missing {
  step: StepName;
  /** Number of the redrive that took the row. */
  redrive: number;
  job: RowJob;
}

export interface GivenJobs {
  /** Rows that were given a job. */
  given: number;
  /** Numbers of rows whose record in the ledger is unreadable; they are left alone. */
  unreadable: number[];
}

/** @param range rows from `first` to `last`, at most `CHUNK_ROWS` */
export async function giveJobs(
  giving: Giving,
  due: JobsDue,
  range: { first: number; last: number },
): Promise<GivenJobs> {
  const { rows, unreadable } = await giving.ledger.listActiveRows(due.batch.id, range);
  const suspects = await findWithoutJob(giving, due, rows);
  const read = await Promise.allSettled(suspects.map((row) => confirm(giving, due, row)));
  const missing = read.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
  await replace(giving, due, missing);
  const failed = suspects.filter((_, index) => read[index]?.status === 'rejected');
  return { given: missing.length, unreadable: [...unreadable, ...failed.map(({ row }) => row)] };
}

async function findWithoutJob(
  giving: Giving,
  due: JobsDue,
  rows: readonly ActiveRow[],
): Promise<ActiveRow[]> {
  const notUploading = await withoutJobOf('upload', giving, { due, rows });
  const before = notUploading.filter(({ outcome }) => stepOf(outcome) === 'upload');
  const after = notUploading.filter(({ outcome }) => stepOf(outcome) === 'submit');
  return [...before, ...(await withoutJobOf('submit', giving, { due, rows: after }))];
}

async function withoutJobOf(
  step: StepName,
  { account, redis }: Giving,
  { due, rows }: { due: JobsDue; rows: readonly ActiveRow[] },
): Promise<ActiveRow[]> {
  const idsOf = (row: ActiveRow) => jobIdsOf(due, step, row);
  const queue = { redis, account: account.ledger, queue: step };
  const missing = await findMissingJobs(queue, rows.flatMap(idsOf));
  return rows.filter((row) => idsOf(row).every((id) => missing.has(id)));
}

/** Reads a row again. @returns undefined if it has moved on meanwhile */
async function confirm(giving: Giving, due: JobsDue, seen: ActiveRow): Promise<Missing | undefined> {
  const stored = await giving.ledger.readRow(due.batch.id, seen.row);
  const step = stored && stillDue(stored, seen);
  if (stored === undefined || step === undefined) return undefined;
  const { redrive } = seen;
  const number = newestNumber(due, redrive);
  const [job] = await jobsOf(giving.ledger, due.batch.id, { rows: [stored], redrive: number });
  return job && { step, redrive, job };
}

function stillDue({ record }: StoredRow, seen: ActiveRow): StepName | undefined {
  const step = stepOf(record.outcome);
  return step === stepOf(seen.outcome) && (record.redrive ?? 0) === seen.redrive ? step : undefined;
}

async function replace({ queues, now }: Giving, due: JobsDue, missing: readonly Missing[]): Promise<void> {
  for (const step of STEPS)
    for (const redrive of new Set(missing.map((each) => each.redrive))) {
      const rows = missing.filter((each) => each.step === step && each.redrive === redrive);
      const { priority, delay } = timingDue(due, redrive, now());
      // The delay applies to the upload; by the time of the submit it is over.
      const timing = step === 'upload' ? { priority, delay } : { priority };
      await replaceJobs(queues, step, { rows: rows.map(({ job }) => job), timing });
    }
}
