/** Metrics of accounts in the text format of Prometheus; read at each scrape, so every process reports the same. */
import { Counter, Gauge, Registry } from 'prom-client';
import type { AlertCount } from '../notify/counts.ts';
import { ACCOUNT_HOLD_REASONS } from '../onboarding/account-holds.ts';
import type { AccountMeasures } from '../onboarding/account-view.ts';
import { setAlertMetrics } from './alert-metrics.ts';

const MS_PER_SECOND = 1000;

type Measured = AccountMeasures & { account: string };

/** Made anew for each scrape, so that two scrapes at once do not add up. */
function createInstruments(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  return {
    granted: counter('onboard_calls_granted_total', 'Calls that the pacer let through.', 'account', 'step'),
    throttled: counter('onboard_calls_throttled_total', 'Calls that the peer throttled.', 'account', 'step'),
    interval: gauge(
      'onboard_pace_interval_seconds',
      'Current interval between two calls; absent before the first call.',
      'account',
      'step',
    ),
    workers: gauge('onboard_workers', 'Worker processes that live.', 'account'),
    held: gauge(
      'onboard_held',
      '1 while this reason keeps every row of the account from moving.',
      'account',
      'reason',
    ),
    breaker: gauge('onboard_breaker_open', '1 while the peer refuses the account.', 'account'),
    outage: gauge('onboard_outage_open', '1 while the peer is not answering.', 'account'),
    withoutJob: gauge(
      'onboard_rows_without_job',
      'Rows that the last upkeep found without a job; it gave them one.',
      'account',
    ),
    jobs: gauge('onboard_jobs', 'Jobs by queue and state.', 'account', 'queue', 'state'),
    rows: gauge('onboard_rows', 'Rows of unfinished batches, by outcome.', 'account', 'outcome'),
  };
}
type Instruments = ReturnType<typeof createInstruments>;

export async function renderMetrics(accounts: readonly Measured[], alerts: readonly AlertCount[] = []) {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  for (const measured of accounts) {
    setHolds(instruments, measured);
    setCalls(instruments, measured);
    setWork(instruments, measured);
  }
  setAlertMetrics(registry, alerts);
  return { contentType: registry.contentType, body: await registry.metrics() };
}

function setHolds({ workers, held }: Instruments, measured: Measured): void {
  const { account, heldBy } = measured;
  workers.set({ account }, measured.workers.length);
  for (const reason of ACCOUNT_HOLD_REASONS)
    held.set({ account, reason }, heldBy.some((hold) => hold.reason === reason) ? 1 : 0);
}

function setCalls({ granted, throttled, interval, breaker, outage }: Instruments, measured: Measured): void {
  const { account } = measured;
  breaker.set({ account }, measured.breaker === undefined ? 0 : 1);
  outage.set({ account }, measured.outage === undefined ? 0 : 1);
  for (const { step, ...pace } of measured.pace) {
    granted.inc({ account, step }, pace.granted);
    throttled.inc({ account, step }, pace.throttled);
    if (pace.intervalMs !== undefined) interval.set({ account, step }, pace.intervalMs / MS_PER_SECOND);
  }
}

function setWork(instruments: Instruments, { account, jobs, rows, rowsWithoutJob }: Measured): void {
  instruments.withoutJob.set({ account }, rowsWithoutJob);
  for (const [queue, counts] of Object.entries(jobs))
    for (const [state, count] of Object.entries(counts))
      instruments.jobs.set({ account, queue, state }, count);
  for (const [outcome, count] of Object.entries(rows)) instruments.rows.set({ account, outcome }, count);
}
