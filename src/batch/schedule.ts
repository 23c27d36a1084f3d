/** When rows that failed for a temporary reason are retried, and when the upkeep runs: job schedulers of BullMQ. */
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { cronSchema } from '../onboarding/settings.ts';
import type { By } from './by.ts';

/** Names of the recurring jobs, fixed so that all workers refer to the same schedulers. */
export const RECURRING = { redrive: 'redrive', upkeep: 'upkeep' } as const;
const UPKEEP_EVERY_MS = 10 * 60_000;
const OFF = 'off';

type Scheduling = Pick<OpenAccount, 'ledger' | 'queues' | 'settings' | 'logger'>;

export interface Schedule {
  /** Cron pattern in UTC; absent if the recurring redrive is off. */
  pattern?: string;
  /** When it runs next, in milliseconds since 1970. */
  next?: number;
}

export async function readSchedule({ queues }: Pick<Scheduling, 'queues'>): Promise<Schedule> {
  const scheduler = await queues.redrive.getJobScheduler(RECURRING.redrive);
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
  if (!cronSchema.safeParse(cron).success)
    throw new AppError('USAGE', `"${cron}" is neither a cron pattern of five or six fields nor "${OFF}".`);
  await scheduling.ledger.chooseSchedule(cron);
  scheduling.logger.info({ event: 'schedule_chosen', by, cron }, 'schedule set');
  await startSchedules(scheduling);
  return readSchedule(scheduling);
}

/** Puts the schedulers into force: the pattern that a person chose, or else that of the settings. */
export async function startSchedules({ ledger, queues, settings }: Scheduling): Promise<void> {
  const pattern = (await ledger.readSchedule()) ?? settings.retryCron;
  const opts = { removeOnComplete: { count: 20 }, removeOnFail: { count: 20 } };
  const upkeep = { name: RECURRING.upkeep, opts };
  await queues.redrive.upsertJobScheduler(RECURRING.upkeep, { every: UPKEEP_EVERY_MS }, upkeep);
  if (pattern === OFF) {
    await queues.redrive.removeJobScheduler(RECURRING.redrive);
    return;
  }
  const redrive = { name: RECURRING.redrive, opts };
  await queues.redrive.upsertJobScheduler(RECURRING.redrive, { pattern, tz: 'UTC' }, redrive);
}
