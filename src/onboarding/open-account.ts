/** What Redis holds of one account, its queues included: opened together, passed on explicitly, closed together. */
import { createBreaker } from '../pace/breaker.ts';
import { type AccountQueues, closeQueues, liftRateLimits, openQueues } from '../queue/queues.ts';
import { STEPS } from '../redis/keys.ts';
import { type LedgerAccount, type OpenAccountOptions, openLedger, probeEveryMsOf } from './open-ledger.ts';

export interface OpenAccount extends LedgerAccount {
  queues: AccountQueues;
}

export function openAccount(options: OpenAccountOptions): OpenAccount {
  const { redis, settings } = options;
  const ledgerAccount = openLedger(options);
  const { name: account } = options.account;
  const queues = openQueues(redis, account);
  const onClosed = async () => {
    ledgerAccount.logger.info({ event: 'breaker_closed' }, 'the account is accepted again');
    await liftRateLimits(queues);
  };
  // Also a dashboard resumes queues, and knows of nothing else that would hold them.
  for (const step of STEPS)
    queues[step].on('resumed', () => {
      ledgerAccount.pause.clear().catch(() => undefined);
    });
  const breaker = createBreaker(redis, { account, probeEveryMs: probeEveryMsOf(settings), onClosed });
  return { ...ledgerAccount, queues, breaker };
}

export async function closeAccount({ queues }: Pick<OpenAccount, 'queues'>): Promise<void> {
  await closeQueues(queues);
}
