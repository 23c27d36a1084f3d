/** The recurring redrive, on the schedule that people choose: one run per account each time, however many workers. */
import type { Job } from 'bullmq';
import { redriveRecoverable } from '../src/batch/redrive-recoverable.ts';
import { RECURRING_REDRIVE } from '../src/batch/schedule.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';

export function createRecurringProcessor(account: OpenAccount) {
  return async ({ name }: Pick<Job, 'name'>): Promise<void> => {
    // Earlier versions ran their upkeep here too; one of their jobs may still arrive.
    if (name !== RECURRING_REDRIVE) return;
    const rows = await redriveRecoverable(account);
    if (rows > 0) account.logger.info({ event: 'rows_redriven', rows }, 'failed rows are tried again');
  };
}
