/** The metrics of accounts: names, meanings and labels. All labels are of closed lists, so their number has a limit. */
import { Counter, Gauge, type Registry } from 'prom-client';

/** Makes counters and gauges in a registry. */
export function makersIn(registry: Registry) {
  const registers = [registry];
  return {
    counter: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Gauge({ name, help, labelNames, registers }),
  };
}

/** Made anew for each scrape, so that two scrapes at once do not add up. */
export function createInstruments(registry: Registry) {
  return { ...createPaceInstruments(registry), ...createRowInstruments(registry) };
}
export type Instruments = ReturnType<typeof createInstruments>;

function createPaceInstruments(registry: Registry) {
  const { counter, gauge } = makersIn(registry);
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
    working: gauge('onboard_workers_working', 'Worker processes that live and take jobs.', 'account'),
    held: gauge(
      'onboard_held',
      '1 while this reason keeps every row of the account from moving.',
      'account',
      'reason',
    ),
    breaker: gauge('onboard_breaker_open', '1 while the peer refuses the account.', 'account'),
    outage: gauge('onboard_outage_open', '1 while the peer is not answering.', 'account'),
  };
}

function createRowInstruments(registry: Registry) {
  const { gauge } = makersIn(registry);
  return {
    withoutJob: gauge(
      'onboard_rows_without_job',
      'Rows that the last upkeep found without a job; it gave them one.',
      'account',
    ),
    upkeep: gauge(
      'onboard_last_upkeep_timestamp_seconds',
      'When the last upkeep ended, since 1970; absent before the first.',
      'account',
    ),
    jobs: gauge('onboard_jobs', 'Jobs by queue and state.', 'account', 'queue', 'state'),
    rows: gauge('onboard_rows', 'Rows of unfinished batches, by outcome.', 'account', 'outcome'),
    failed: gauge(
      'onboard_rows_failed',
      'Failed rows of the newest 100 batches, by code: ours, a known one of the peer, or "other".',
      'account',
      'code',
    ),
    reviews: gauge(
      'onboard_reviews_awaited',
      'Submits whose reviews nobody has recorded, by how long ago they were.',
      'account',
      'age',
    ),
    overdue: gauge('onboard_reviews_overdue', 'Those of them that are overdue.', 'account'),
    parked: gauge('onboard_customers_parked', 'Customers whose submit a person must settle.', 'account'),
    batches: gauge('onboard_batches', 'Unfinished batches, by state.', 'account', 'state'),
    oldest: gauge(
      'onboard_oldest_waiting_row_age_seconds',
      'How long the row has waited that waits longest, paused batches and later ones aside; 0 if none waits.',
      'account',
    ),
    eta: gauge(
      'onboard_eta_seconds',
      'Time until all rows are done at the current pace, paused batches aside; absent while nothing moves.',
      'account',
    ),
  };
}
