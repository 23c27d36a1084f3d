/** What recurs as a job: the redrive, on the schedule that people choose. One run per account and time, however many workers. */
import type { Job } from 'bullmq';
import { redriveRecoverable } from '../src/batch/redrive-recoverable.ts';
import { RECURRING_REDRIVE } from '../src/batch/schedule.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';

export function createRecurringProcessor(account: OpenAccount) {
  return async ({ name }: Pick<Job, 'name'>): Promise<void> => {
    // Versions before this one had their upkeep here, too; a job of theirs may still come.
    if (name !== RECURRING_REDRIVE) return;
    const rows = await redriveRecoverable(account);
    if (rows > 0) account.logger.info({ event: 'rows_redriven', rows }, 'failed rows are tried again');
  };
}
