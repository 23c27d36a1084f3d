/**
 * Gives a job to every row that is under way and has none, whatever became of its job: lost with the keys of BullMQ, or
 * never added because a process died.
 *
 * No row needs a time of grace. Whoever moves a row on writes in the order ledger, next job, end of the job before it;
 * so at every moment the newest job of a row that is under way is in its queue, or its adding was interrupted. What is
 * seen here in another order is only this: a row that is read, and moves on before its jobs are looked at. Therefore
 * uploads are looked at before submits, and the row is read again at last; only one that needs the same step still, for
 * the same redrive, has no job. Should somebody add the same job at the same moment, the second of the two changes
 * nothing, and a job that finds its step done ends at once.
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
  /** Numbers of rows of which the ledger has something that cannot be read; they are left alone. */
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
  const queue = { redis, account: account.name, queue: step };
  const missing = await findMissingJobs(queue, rows.flatMap(idsOf));
  return rows.filter((row) => idsOf(row).every((id) => missing.has(id)));
}

/** Reads a row again. @returns undefined where it has moved on meanwhile */
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
      // A row waits for its time before its upload, and has had it after that.
      const timing = step === 'upload' ? { priority, delay } : { priority };
      await replaceJobs(queues, step, { rows: rows.map(({ job }) => job), timing });
    }
}
