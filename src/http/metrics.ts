/** Metrics of accounts in the text format of Prometheus; read at each scrape, so every process reports the same. */
import { Registry } from 'prom-client';
import { codeFamilyOf } from '../alibaba/code-family.ts';
import { isErrorCode } from '../error-codes.ts';
import { REVIEW_AGES } from '../ledger/awaited.ts';
import { ACCOUNT_HOLD_REASONS } from '../onboarding/account-holds.ts';
import type { AccountMeasures } from '../onboarding/account-measures.ts';
import { WORKING } from '../pace/heartbeats.ts';
import { createInstruments, type Instruments, makersIn } from './instruments.ts';

const MS_PER_SECOND = 1000;
/** Stands for every code that is on no list. */
const OTHER = 'other';

type Measured = AccountMeasures & { account: string };

/**
 * @param accounts undefined if they could not be read
 * @param more what this process knows of itself
 */
export async function renderMetrics(
  accounts: readonly Measured[] | undefined,
  more: readonly Registry[] = [],
) {
  const registry = new Registry();
  const instruments = createInstruments(registry);
  makersIn(registry)
    .gauge('onboard_redis_up', '1 if Redis answered with what is measured of all accounts.')
    .set(accounts === undefined ? 0 : 1);
  for (const measured of accounts ?? []) {
    setHolds(instruments, measured);
    setCalls(instruments, measured);
    setWork(instruments, measured);
    setBatches(instruments, measured);
    setReviews(instruments, measured);
  }
  const parts = await Promise.all([registry, ...more].map((each) => each.metrics()));
  return { contentType: registry.contentType, body: parts.join('\n') };
}

function setHolds({ workers, working, held }: Instruments, measured: Measured): void {
  const { account, heldBy } = measured;
  workers.set({ account }, measured.workers.length);
  working.set({ account }, measured.workers.filter(({ state }) => state === WORKING).length);
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

function setWork(instruments: Instruments, measured: Measured): void {
  const { account, jobs, rows, rowsWithoutJob, upkeepAt, failed } = measured;
  instruments.withoutJob.set({ account }, rowsWithoutJob);
  if (upkeepAt !== undefined) instruments.upkeep.set({ account }, upkeepAt);
  for (const [queue, counts] of Object.entries(jobs))
    for (const [state, count] of Object.entries(counts))
      instruments.jobs.set({ account, queue, state }, count);
  for (const [outcome, count] of Object.entries(rows)) instruments.rows.set({ account, outcome }, count);
  for (const { code, rows: count } of failed) instruments.failed.inc({ account, code: labelOf(code) }, count);
}

function setBatches(instruments: Instruments, measured: Measured): void {
  const { account, batches, parked, oldestWaitingSeconds, etaSeconds } = measured;
  for (const [state, count] of Object.entries(batches)) instruments.batches.set({ account, state }, count);
  instruments.parked.set({ account }, parked);
  instruments.oldest.set({ account }, oldestWaitingSeconds);
  if (etaSeconds !== undefined) instruments.eta.set({ account }, etaSeconds);
}

/** A peer may make up codes without end. */
function labelOf(code: string): string {
  return isErrorCode(code) ? code : (codeFamilyOf(code) ?? OTHER);
}

function setReviews({ reviews, overdue }: Instruments, measured: Measured): void {
  const { account } = measured;
  overdue.set({ account }, measured.reviews.overdue);
  for (const age of REVIEW_AGES) reviews.set({ account, age }, measured.reviews.byAge[age]);
}
