/** What Redis holds of one account, its queues included: opened together, passed on explicitly, closed together. */
import { createBreaker } from '../pace/breaker.ts';
import { type Ended, Outage } from '../pace/outage.ts';
import { promoteJobs } from '../queue/promote.ts';
import { type AccountQueues, closeQueues, liftRateLimits, openQueues } from '../queue/queues.ts';
import { STEPS } from '../redis/keys.ts';
import { type LedgerAccount, type OpenAccountOptions, openLedger, probeEveryMsOf } from './open-ledger.ts';

export interface OpenAccount extends LedgerAccount {
  queues: AccountQueues;
}

export function openAccount(options: OpenAccountOptions): OpenAccount {
  const { redis, settings } = options;
  const ledgerAccount = openLedger(options);
  const { ledger: account } = options.account;
  const queues = openQueues(redis, account);
  const onClosed = async () => {
    ledgerAccount.logger.info({ event: 'breaker_closed' }, 'the account is accepted again');
    await liftRateLimits(queues);
  };
  // A dashboard can resume queues too, but knows nothing of the pause of the account.
  for (const step of STEPS)
    queues[step].on('resumed', () => {
      ledgerAccount.pause.clear().catch(() => undefined);
    });
  const breaker = createBreaker(redis, { account, probeEveryMs: probeEveryMsOf(settings), onClosed });
  const onEnded = async ({ since, aside }: Ended) => {
    const fields = { event: 'outage_ended', since: new Date(since).toISOString() };
    ledgerAccount.logger.info(fields, 'the peer is answering again');
    await Promise.all(STEPS.map((step) => promoteJobs(queues, step, aside[step])));
    await liftRateLimits(queues);
  };
  const outage = new Outage(redis, { account, timing: options.outageTiming, onEnded });
  return { ...ledgerAccount, queues, breaker, outage };
}

export async function closeAccount({
  queues,
  durable,
}: Pick<OpenAccount, 'queues' | 'durable'>): Promise<void> {
  durable.close();
  await closeQueues(queues);
}
