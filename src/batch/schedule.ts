/** When rows that failed for a temporary reason are retried: a job scheduler of BullMQ. */
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { cronSchema } from '../onboarding/settings.ts';
import { isCronPattern } from '../queue/cron.ts';
import { findMissingJobs } from '../queue/missing-jobs.ts';
import type { By } from './by.ts';

/** Name of the scheduler and its jobs, fixed so that all workers refer to the same one. */
export const RECURRING_REDRIVE = 'redrive';
/** Earlier versions ran their upkeep from a scheduler of this name. */
const FORMER_UPKEEP = 'upkeep';
const OFF = 'off';
const JOB_OPTIONS = { removeOnComplete: { count: 20 }, removeOnFail: { count: 20 } };

type Scheduling = Pick<OpenAccount, 'account' | 'ledger' | 'queues' | 'redis' | 'settings' | 'logger'>;

/** When failed rows are retried. */
export interface Schedule {
  /** Cron pattern in UTC; absent if the recurring redrive is off. */
  pattern?: string;
  /** When it runs next, in milliseconds since 1970. */
  next?: number;
}

export async function readSchedule({ queues }: Pick<Scheduling, 'queues'>): Promise<Schedule> {
  const scheduler = await queues.redrive.getJobScheduler(RECURRING_REDRIVE);
  return { pattern: scheduler?.pattern ?? undefined, next: scheduler?.next };
}

/**
 * Sets the pattern from now on, also for workers that start later.
 * @throws AppError USAGE if it is not a cron pattern
 */
export async function setSchedule(
  scheduling: Scheduling,
  { by, cron }: By & { cron: string },
): Promise<Schedule> {
  const isKnown = cronSchema.safeParse(cron).success && (cron === OFF || (await isCronPattern(cron)));
  if (!isKnown)
    throw new AppError('USAGE', `"${cron}" is neither a cron pattern of five or six fields nor "${OFF}".`);
  await scheduling.ledger.chooseSchedule(cron);
  scheduling.logger.info({ event: 'schedule_chosen', by, cron }, 'schedule set');
  await startSchedules(scheduling);
  return readSchedule(scheduling);
}

/** Applies the pattern that a person chose, or else the one in the settings. */
export async function startSchedules(scheduling: Scheduling): Promise<void> {
  const { queues } = scheduling;
  await queues.redrive.removeJobScheduler(FORMER_UPKEEP);
  const pattern = await wantedPattern(scheduling);
  if (pattern === OFF) await queues.redrive.removeJobScheduler(RECURRING_REDRIVE);
  else await schedule(scheduling, pattern);
}

/** Recreates the scheduler if it, or the job of its next run, was lost. */
export async function keepSchedule(scheduling: Scheduling): Promise<void> {
  const { queues, logger } = scheduling;
  const pattern = await wantedPattern(scheduling);
  if (pattern === OFF || (await isGoingOn(scheduling))) return;
  const stored = await readSchedule(scheduling);
  // What is left of the old one would block the new one.
  await queues.redrive.removeJobScheduler(RECURRING_REDRIVE);
  if (stored.next !== undefined) await queues.redrive.remove(jobIdAt(stored.next));
  await schedule(scheduling, pattern);
  logger.warn(
    { event: 'schedule_restored', pattern },
    'the recurring redrive was lost and is scheduled again',
  );
}

async function isGoingOn({ account, queues, redis }: Scheduling): Promise<boolean> {
  const { next } = await readSchedule({ queues });
  if (next === undefined) return false;
  const queue = { redis, account: account.ledger, queue: 'redrive' } as const;
  if ((await findMissingJobs(queue, [jobIdAt(next)])).size === 0) return true;
  // A run that began in between has already created the job of the run after it.
  return (await readSchedule({ queues })).next !== next;
}

/** How BullMQ names the job of a scheduler. @param time milliseconds since 1970 */
const jobIdAt = (time: number) => `repeat:${RECURRING_REDRIVE}:${time}`;

async function wantedPattern({ ledger, settings }: Scheduling): Promise<string> {
  return (await ledger.readSchedule()) ?? settings.retryCron;
}

async function schedule({ queues }: Scheduling, pattern: string): Promise<void> {
  const template = { name: RECURRING_REDRIVE, opts: JOB_OPTIONS };
  await queues.redrive.upsertJobScheduler(RECURRING_REDRIVE, { pattern, tz: 'UTC' }, template);
}
