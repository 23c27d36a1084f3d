/** Resumes a paused batch, or an account that was paused or whose breaker is open. */
import { AppError } from '../errors.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import { countActive, WORKED_OUTCOMES } from '../ledger/outcome.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { liftRateLimits } from '../queue/queues.ts';
import type { By } from './by.ts';
import { type Giving, giveJobs } from './give-jobs.ts';
import { bySchema, checkOrder } from './orders.ts';
import { requireDone } from './require-done.ts';

/** What goes on. */
export interface Resumed {
  /** Rows that continue. */
  rows: number;
}

/** Its rows get their jobs again; if this is interrupted, the upkeep goes on. @throws AppError BATCH_STATE if it is not paused */
export async function resume(giving: Giving, batchId: string, { by }: By): Promise<Resumed> {
  checkOrder(bySchema, { by });
  const { ledger } = giving;
  requireDone(batchId, await ledger.resumeBatch(batchId, by));
  const batch = await ledger.requireBatch(batchId);
  const rows = countActive(batch.counts);
  const selection = { outcomes: WORKED_OUTCOMES, size: CHUNK_ROWS };
  for await (const numbers of ledger.iteratePortions(batchId, selection))
    await giveJobs(giving, batch, numbers);
  return { rows };
}

/** What had held the account. */
export interface ResumedAccount {
  /** The peer had refused the account; it is asked again now. */
  wasBreakerOpen: boolean;
}

type Going = Pick<OpenAccount, 'queues' | 'breaker' | 'logger'>;

export async function resumeAccount(
  account: Going & Pick<OpenAccount, 'account' | 'pause'>,
  by: By,
): Promise<ResumedAccount> {
  const { isHeld } = await account.pause.clear();
  if (isHeld) {
    const fact = await account.pause.read();
    const code =
      fact?.why === 'LEDGER_EMPTY' || fact?.lastAt !== undefined ? 'LEDGER_EMPTY' : 'LEDGER_WENT_BACK';
    throw new AppError(code, `Account ${account.account.name} is held until it is recovered.`);
  }
  return goOn(account, by);
}

/** Lets an account go on that is not paused any more. */
export async function goOn({ queues, breaker, logger }: Going, { by }: By): Promise<ResumedAccount> {
  // Workers that asked while the account was paused hold their queues for some seconds.
  await liftRateLimits(queues);
  const wasBreakerOpen = await breaker.close();
  logger.info({ event: 'account_resumed', by, wasBreakerOpen }, 'account resumed');
  return { wasBreakerOpen };
}
