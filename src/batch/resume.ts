/** Resumes a paused batch, or an account that was paused or whose breaker is open. */
import { AppError } from '../errors.ts';
import { countActive } from '../ledger/outcome.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { liftRateLimits } from '../queue/queues.ts';
import { STEPS } from '../redis/keys.ts';
import { plural } from '../text.ts';
import type { By } from './by.ts';
import { enqueueRedrive } from './complete-redrives.ts';
import { bySchema, checkOrder } from './orders.ts';
import type { Redriving } from './redrive.ts';

export interface Resumed {
  /** Rows that continue. */
  rows: number;
}

/** Every row that is not done gets a new job. @throws AppError BATCH_STATE if the batch is not paused */
export async function resume(redriving: Redriving, batchId: string, { by }: By): Promise<Resumed> {
  checkOrder(bySchema, { by });
  const { ledger } = redriving;
  const { state, counts } = await ledger.requireBatch(batchId);
  if (state !== 'paused') throw new AppError('BATCH_STATE', `Batch ${batchId} is ${state}, not paused.`);
  const begun = await ledger.beginRedrive(batchId, { kind: 'resume', by, filter: 'not done' });
  await enqueueRedrive(redriving, batchId, begun);
  const rows = countActive(counts);
  await ledger.note(batchId, { by, action: 'resume', details: plural(rows, 'row') });
  return { rows };
}

export interface ResumedAccount {
  /** The peer had refused the account; it is asked again now. */
  wasBreakerOpen: boolean;
}

export async function resumeAccount(
  account: Pick<OpenAccount, 'pause' | 'queues' | 'breaker' | 'logger'>,
  { by }: By,
): Promise<ResumedAccount> {
  const { pause, queues, breaker, logger } = account;
  await pause.clear();
  await Promise.all(STEPS.map((step) => queues[step].resume()));
  // Workers that asked while the account was paused hold their queues for some seconds.
  await liftRateLimits(queues);
  const wasBreakerOpen = await breaker.close();
  logger.info({ event: 'account_resumed', by, wasBreakerOpen }, 'account resumed');
  return { wasBreakerOpen };
}
