/** The recurring redrive and the end of old batches: one run per account and interval, however many workers there are. */
import { accountKeys } from '../src/batch/keys.ts';
import { redriveRecoverable } from '../src/batch/redrive.ts';
import type { RedisClient } from '../src/queue/redis.ts';
import type { AccountRuntime } from '../src/queue/runtime.ts';

/** Fixed, so that every worker that starts names the same scheduler. */
const SCHEDULER_ID = 'redrive';
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
  if (pattern === 'off') await queues.retry.removeJobScheduler(SCHEDULER_ID);
  else await queues.retry.upsertJobScheduler(SCHEDULER_ID, { pattern, tz: 'UTC' }, { name: 'redrive', opts });
}

export async function listSchedule({ queues }: AccountRuntime): Promise<{ pattern?: string; next?: number }> {
  const scheduler = await queues.retry.getJobScheduler(SCHEDULER_ID);
  return { pattern: scheduler?.pattern ?? undefined, next: scheduler?.next };
}

export function createRetryProcessor(runtime: AccountRuntime) {
  const { ledger, config, logger } = runtime;
  return async (): Promise<void> => {
    const rows = await redriveRecoverable(runtime);
    if (rows > 0) logger.info({ event: 'rows_redriven', rows }, 'failed rows are tried again');
    for (const { id } of await ledger.listFinishedBefore(
      Date.now() - config.ONBOARD_RETENTION_DAYS * DAY_MS,
    )) {
      await ledger.purge(id);
      logger.info({ event: 'batch_purged', batch: id }, 'kept long enough');
    }
  };
}
