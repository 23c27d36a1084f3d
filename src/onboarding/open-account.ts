/** What Redis holds of one account, its queues included: opened together, passed on explicitly, closed together. */
import { agentFor } from '../alibaba/agents.ts';
import { createBreaker } from '../pace/breaker.ts';
import { type Ended, Outage } from '../pace/outage.ts';
import { loadTraces } from '../queue/load-traces.ts';
import { promoteJobs } from '../queue/promote.ts';
import { type AccountQueues, closeQueues, liftRateLimits, openQueues } from '../queue/queues.ts';
import { NO_TRACES, type Traces } from '../queue/traces.ts';
import { STEPS } from '../redis/keys.ts';
import { type LedgerAccount, type OpenAccountOptions, openLedger, probeEveryMsOf } from './open-ledger.ts';
import { ownVersion } from './version.ts';

export interface OpenAccount extends LedgerAccount {
  queues: AccountQueues;
  /** Spans of what happens to rows, if they are wanted. */
  traces: Traces;
}

/** With traces, if the settings say where to send them. @throws AppError CONFIG_INVALID if that is not possible */
export async function openTracedAccount(options: OpenAccountOptions): Promise<OpenAccount> {
  return openAccount({ ...options, traces: await openTraces(options) });
}

/** @throws AppError CONFIG_INVALID if they are wanted and cannot be had */
export function openTraces({
  settings,
  logger,
}: Pick<OpenAccountOptions, 'settings' | 'logger'>): Promise<Traces> {
  const { tracesEndpoint: endpoint, proxy } = settings;
  const agent = (url: string) => agentFor(url, proxy);
  return loadTraces({ endpoint, version: ownVersion(), agentFor: agent, logger });
}

export function openAccount(options: OpenAccountOptions & { traces?: Traces }): OpenAccount {
  const { redis, settings, traces = NO_TRACES } = options;
  const ledgerAccount = openLedger(options);
  const { ledger: account } = options.account;
  const queues = openQueues(redis, account, traces.telemetry);
  const onClosed = async () => {
    ledgerAccount.logger.info({ event: 'breaker_closed' }, 'the account is accepted again');
    await liftRateLimits(queues);
  };
  const breaker = createBreaker(redis, { account, probeEveryMs: probeEveryMsOf(settings), onClosed });
  const onEnded = async ({ since, aside }: Ended) => {
    const fields = { event: 'outage_ended', since: new Date(since).toISOString() };
    ledgerAccount.logger.info(fields, 'the peer is answering again');
    await Promise.all(STEPS.map((step) => promoteJobs(queues, step, aside[step])));
    await liftRateLimits(queues);
  };
  const outage = new Outage(redis, {
    account,
    rate: options.account.rate,
    timing: options.outageTiming,
    onEnded,
  });
  return { ...ledgerAccount, queues, traces, breaker, outage };
}

export async function closeAccount({
  queues,
  durable,
  traces,
}: Pick<OpenAccount, 'queues' | 'durable' | 'traces'>): Promise<void> {
  durable.close();
  await Promise.all([closeQueues(queues), traces.flush()]);
}
