/**
 * What recurs: the redrive, on the schedule that people choose, and the upkeep, always. One run per account and
 * interval, however many workers there are.
 */
import type { Job } from 'bullmq';
import { completeRedrives, redriveRecoverable } from '../src/batch/redrive.ts';
import type { AccountRuntime } from '../src/onboarding/open-account.ts';
import type { RedisClient } from '../src/redis/connect.ts';
import { accountKeys } from '../src/redis/keys.ts';

/** Fixed names, so that every worker that starts means the same schedulers. */
const REDRIVE = 'redrive';
const UPKEEP = 'upkeep';
const UPKEEP_EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/**
 * Sets the account's schedule, or ends it where it is `off`.
 * @param chosen by a person, and in force for every worker that starts later; without it the configuration's
 */
export async function scheduleRetries(
  runtime: AccountRuntime,
  redis: RedisClient,
  chosen?: string,
): Promise<void> {
  const { queues, account, config } = runtime;
  const key = accountKeys(account.name).schedule;
  if (chosen !== undefined) await redis.set(key, chosen);
  const pattern = chosen ?? (await redis.get(key)) ?? config.ONBOARD_RETRY_CRON;
  const opts = { removeOnComplete: { count: 20 }, removeOnFail: { count: 20 } };
  await queues.redrive.upsertJobScheduler(UPKEEP, { every: UPKEEP_EVERY_MS }, { name: UPKEEP, opts });
  if (pattern === 'off') await queues.redrive.removeJobScheduler(REDRIVE);
  else await queues.redrive.upsertJobScheduler(REDRIVE, { pattern, tz: 'UTC' }, { name: REDRIVE, opts });
}

export async function listSchedule({ queues }: AccountRuntime): Promise<{ pattern?: string; next?: number }> {
  const scheduler = await queues.redrive.getJobScheduler(REDRIVE);
  return { pattern: scheduler?.pattern ?? undefined, next: scheduler?.next };
}

export function createRetryProcessor(runtime: AccountRuntime) {
  return async ({ name }: Pick<Job, 'name'>): Promise<void> => {
    if (name === UPKEEP) return keepUp(runtime);
    const rows = await redriveRecoverable(runtime);
    if (rows > 0) runtime.logger.info({ event: 'rows_redriven', rows }, 'failed rows are tried again');
  };
}

/** Completes redrives whose process died, and removes batches that were kept long enough. */
async function keepUp(runtime: AccountRuntime): Promise<void> {
  const { ledger, config, logger } = runtime;
  const completed = await completeRedrives(runtime);
  if (completed > 0) logger.warn({ event: 'redrives_completed', completed }, 'begun by a process that died');
  const keptSince = Date.now() - config.ONBOARD_RETENTION_DAYS * DAY_MS;
  for (const { id } of await ledger.listFinishedBefore(keptSince)) {
    await ledger.purge(id);
    logger.info({ event: 'batch_purged', batch: id }, 'kept long enough');
  }
}
