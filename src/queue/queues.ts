/** The two queues of an account: names, options, and the only places that add jobs. */
import { type JobsOptions, Queue, type WorkerOptions } from 'bullmq';
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf } from '../redis/keys.ts';
import { type JobData, jobIdOf, type RowJob } from './job.ts';

/**
 * Rows end by their own rules (`settle.ts`), so BullMQ's count of attempts must never end one: it only counts what the
 * machinery itself could not put back, such as jobs met while Redis was read-only.
 *
 * A hash of which no value exceeds 64 bytes takes a third of the memory, so a job has few options and short data, and
 * what is the same for all of them stands in the worker's options.
 */
const JOB_OPTIONS = { attempts: 999 } satisfies JobsOptions;

/**
 * Every job has a priority, so that a retry can pass the backlog and a cancelled batch can be taken out of the queue
 * at O(log n) a job. Lower goes first.
 */
export const PRIORITY = { retry: 1, first: 2, normal: 100 } as const;

export const QUEUE_KINDS = ['upload', 'submit'] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** Carries the account, because a dashboard tells queues apart by their names. */
export function queueName(kind: QueueKind | 'retry', account: string): string {
  return `${kind}.${account}`;
}

export interface AccountQueues {
  upload: Queue<JobData>;
  submit: Queue<JobData>;
  /** Holds only the scheduler of the recurring redrive. */
  retry: Queue;
}

export function openQueues(connection: RedisClient, account: string): AccountQueues {
  const options = {
    connection,
    prefix: prefixOf(account),
    defaultJobOptions: JOB_OPTIONS,
    streams: { events: { maxLen: 1_000 } },
  };
  const queues = {
    upload: new Queue<JobData>(queueName('upload', account), options),
    submit: new Queue<JobData>(queueName('submit', account), options),
    retry: new Queue(queueName('retry', account), options),
  };
  // Without a listener BullMQ writes each lost connection to the console; `connectRedis` logs it once for all.
  for (const queue of Object.values(queues)) queue.on('error', () => undefined);
  return queues;
}

export interface JobTiming {
  priority: number;
  /** Milliseconds from now. */
  delay?: number;
}

/** Adds the upload jobs of rows; adding one again changes nothing. */
export async function addUploads(
  queues: AccountQueues,
  rows: readonly RowJob[],
  when: JobTiming,
): Promise<void> {
  const jobs = rows.map(({ custSpaceId: name, ...data }) => ({
    name,
    data,
    opts: { jobId: jobIdOf('up', data), ...when },
  }));
  await queues.upload.addBulk(jobs);
}

/** Hands a row over from upload to submit; repeated after a crash, it changes nothing. */
export async function addSubmit(
  queues: AccountQueues,
  { custSpaceId, ...data }: RowJob,
  priority: number,
): Promise<void> {
  await queues.submit.add(custSpaceId, data, { jobId: jobIdOf('sub', data), priority });
}

/** Adds the submit jobs of rows that were handed over before; adding one again changes nothing. */
export async function addSubmits(
  queues: AccountQueues,
  rows: readonly RowJob[],
  priority: number,
): Promise<void> {
  await queues.submit.addBulk(
    rows.map(({ custSpaceId: name, ...data }) => ({
      name,
      data,
      opts: { jobId: jobIdOf('sub', data), priority },
    })),
  );
}

/** Takes the waiting jobs of rows out of both queues; one that runs already stays. */
export async function removeJobs(queues: AccountQueues, rows: readonly JobData[]): Promise<void> {
  const removals = rows.flatMap((data) => [
    queues.upload.remove(jobIdOf('up', data)),
    queues.submit.remove(jobIdOf('sub', data)),
  ]);
  await Promise.allSettled(removals);
}

export async function closeQueues({ upload, submit, retry }: AccountQueues): Promise<void> {
  await Promise.all([upload.close(), submit.close(), retry.close()]);
}

export interface WorkerSettings {
  account: { name: string; rate: number };
  connection: RedisClient;
  concurrency: number;
  lockSeconds: number;
}

/** Options of every worker. The limiter paces only the fetching; the pacer guards the calls. */
export function workerOptions({ account, connection, concurrency, lockSeconds }: WorkerSettings) {
  return {
    connection,
    prefix: prefixOf(account.name),
    concurrency,
    limiter: { max: account.rate, duration: 1_000 },
    maximumRateLimitDelay: 5_000,
    lockDuration: lockSeconds * 1_000,
    stalledInterval: lockSeconds * 500,
    // Ends a job behind the ledger's back, so it must never be reached: `step.ts` has the limit that counts.
    maxStalledCount: 1_000_000,
    // The ledger remembers what was done; finished jobs are kept only for the dashboard.
    removeOnComplete: { age: 3_600, count: 500 },
    removeOnFail: { age: 86_400, count: 2_000 },
  } satisfies WorkerOptions;
}
