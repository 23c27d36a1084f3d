/**
 * The recurring jobs: the redrive, on the schedule that people choose, and the upkeep, always. One run per account and
 * interval, however many workers there are.
 */
import type { Job } from 'bullmq';
import { completeRedrives } from '../src/batch/complete-redrives.ts';
import { purgeExpired } from '../src/batch/purge.ts';
import { redriveRecoverable } from '../src/batch/redrive-recoverable.ts';
import { RECURRING } from '../src/batch/schedule.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';

export function createRecurringProcessor(account: OpenAccount) {
  return async ({ name }: Pick<Job, 'name'>): Promise<void> => {
    if (name === RECURRING.upkeep) return keepUp(account);
    const rows = await redriveRecoverable(account);
    if (rows > 0) account.logger.info({ event: 'rows_redriven', rows }, 'retrying failed rows');
  };
}

/** Completes redrives whose process died, and deletes batches whose retention period is over. */
async function keepUp(account: OpenAccount): Promise<void> {
  const completed = await completeRedrives(account);
  if (completed > 0)
    account.logger.warn(
      { event: 'redrives_completed', completed },
      'completed what a process that died had begun',
    );
  await purgeExpired(account);
}
