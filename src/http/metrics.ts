/** `/metrics` for Prometheus: read from Redis at each scrape, so every process of an installation tells the same. */
import { Counter, Gauge, Registry } from 'prom-client';
import { countActive, OUTCOMES } from '../ledger/outcome.ts';
import type { AccountRuntime } from '../onboarding/open-account.ts';
import { PACE_NAMES, STEPS } from '../redis/keys.ts';

/** What is served of an account. */
export type ServedAccount = Pick<AccountRuntime, 'account' | 'queues' | 'pacer' | 'breaker' | 'ledger'>;

/** Batches of an account that are looked at for rows, the newest first. */
const BATCHES_MAX = 100;
const MS_PER_SECOND = 1000;

/** Made anew for each scrape, so that two at once do not add up. */
function createInstruments() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  return {
    registry,
    granted: counter(
      'onboard_calls_granted_total',
      'Calls that the pacer let through.',
      'account',
      'operation',
    ),
    throttled: counter(
      'onboard_calls_throttled_total',
      'Calls that the peer refused for rate.',
      'account',
      'operation',
    ),
    interval: gauge(
      'onboard_pace_interval_seconds',
      'Distance between two calls in force; absent before the first call.',
      'account',
      'operation',
    ),
    breaker: gauge('onboard_breaker_open', '1 while the peer refuses the account.', 'account'),
    jobs: gauge('onboard_jobs', 'Jobs by queue and state.', 'account', 'queue', 'state'),
    rows: gauge('onboard_rows', 'Rows of batches that are not finished, by outcome.', 'account', 'outcome'),
  };
}
type Instruments = ReturnType<typeof createInstruments>;

/** @returns the metrics of these accounts in the text format of Prometheus */
export async function readMetrics(accounts: readonly ServedAccount[]) {
  const instruments = createInstruments();
  const readers = [readBreaker, readJobs, readRows, readCalls];
  await Promise.all(accounts.flatMap((account) => readers.map((read) => read(instruments, account))));
  const { registry } = instruments;
  return { contentType: registry.contentType, body: await registry.metrics() };
}

async function readCalls(
  { granted, throttled, interval }: Instruments,
  { account: { name: account }, pacer }: ServedAccount,
): Promise<void> {
  for (const { step, ...pace } of await pacer.readAll()) {
    const labels = { account, operation: PACE_NAMES[step] };
    granted.inc(labels, pace.granted);
    throttled.inc(labels, pace.throttled);
    if (pace.intervalMs !== undefined) interval.set(labels, pace.intervalMs / MS_PER_SECOND);
  }
}

async function readBreaker({ breaker }: Instruments, served: ServedAccount): Promise<void> {
  breaker.set({ account: served.account.name }, (await served.breaker.read()) === undefined ? 0 : 1);
}

async function readJobs({ jobs }: Instruments, { account, queues }: ServedAccount): Promise<void> {
  for (const queue of STEPS) {
    const counts = await queues[queue].getJobCounts('prioritized', 'waiting', 'delayed', 'active', 'failed');
    for (const [state, count] of Object.entries(counts))
      jobs.set({ account: account.name, queue, state }, count);
  }
}

async function readRows({ rows }: Instruments, { account, ledger }: ServedAccount): Promise<void> {
  const batches = await ledger.listBatches(BATCHES_MAX);
  const open = batches.filter(({ counts }) => countActive(counts) > 0);
  for (const outcome of OUTCOMES)
    rows.set(
      { account: account.name, outcome },
      open.reduce((sum, { counts }) => sum + counts[outcome], 0),
    );
}
