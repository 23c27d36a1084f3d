/** The queues of an account, opened and closed together. */
import { type JobsOptions, Queue, type Telemetry } from 'bullmq';
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf } from '../redis/keys.ts';
import type { StoredJob } from './job.ts';
import { queueName } from './names.ts';

/**
 * Rows end by their own rules, so BullMQ's count of attempts must never end one: it only counts what the machinery
 * itself could not put back, such as jobs met while Redis was read-only.
 *
 * A hash of which no value exceeds 64 bytes takes a third of the memory, so a job has few options and short data, and
 * what is the same for all of them is in the worker's options.
 */
const JOB_OPTIONS = { attempts: 999 } satisfies JobsOptions;

/** Longest event stream of a queue, in entries. */
const EVENTS_MAX = 1_000;

export interface AccountQueues {
  upload: Queue<StoredJob>;
  submit: Queue<StoredJob>;
  /** Holds only the schedulers of recurring jobs. */
  redrive: Queue;
}

/** @param telemetry of traces, if they are on */
export function openQueues(connection: RedisClient, account: string, telemetry?: Telemetry): AccountQueues {
  const options = {
    connection,
    prefix: prefixOf(account),
    defaultJobOptions: JOB_OPTIONS,
    streams: { events: { maxLen: EVENTS_MAX } },
    ...(telemetry && { telemetry }),
  };
  const queues = {
    upload: new Queue<StoredJob>(queueName('upload', account), options),
    submit: new Queue<StoredJob>(queueName('submit', account), options),
    redrive: new Queue(queueName('redrive', account), options),
  };
  // Without a listener, BullMQ writes each lost connection to the console; `connectRedis` logs it once for all.
  for (const queue of Object.values(queues)) queue.on('error', () => undefined);
  return queues;
}

export async function closeQueues({ upload, submit, redrive }: AccountQueues): Promise<void> {
  await Promise.all([upload.close(), submit.close(), redrive.close()]);
}

/** Longest time that a queue is told to wait, and a second of margin, in milliseconds. */
const LIMIT_MS_MAX = 61_000;

/**
 * Lifts limits that are longer than any we set: the clock of Redis has been set back since.
 * @returns the number of limits lifted
 */
export async function liftImpossibleLimits({ upload, submit }: AccountQueues): Promise<number> {
  const lifted = await Promise.all(
    [upload, submit].map(async (queue) => {
      const isImpossible = (await queue.getRateLimitTtl()) > LIMIT_MS_MAX;
      if (isImpossible) await queue.removeRateLimitKey();
      return isImpossible;
    }),
  );
  return lifted.filter(Boolean).length;
}

/** Lets queues that were told to wait continue at once, because what they waited for has come. */
export async function liftRateLimits({ upload, submit }: AccountQueues): Promise<void> {
  await Promise.all([upload.removeRateLimitKey(), submit.removeRateLimitKey()]);
}
