/**
 * What dashboards measure of an account. A scrape must cost little whatever the batches hold: it reads counters and
 * indexes, and never goes through rows.
 */
import type { Batch } from '../ledger/batch-record.ts';
import { BATCH_STATES, type BatchState } from '../ledger/batch-state.ts';
import type { CodeCount } from '../ledger/count-codes.ts';
import { countActive, OUTCOMES, type OutcomeCounts } from '../ledger/outcome.ts';
import { readUpkeepReport } from '../queue/upkeep-report.ts';
import { STEPS, type StepName } from '../redis/keys.ts';
import { type AccountView, viewAccount } from './account-view.ts';
import { isStandstill } from './holds.ts';
import type { OpenAccount } from './open-account.ts';

/** Batches whose failures are counted, newest first. */
const BATCHES_MAX = 100;
const MS_PER_SECOND = 1_000;

/** What dashboards measure of one account. */
export interface AccountMeasures extends AccountView {
  /** Jobs of each step by BullMQ's state. */
  jobs: Record<StepName, Record<string, number>>;
  /** Rows of batches that are not finished, by outcome. */
  rows: OutcomeCounts;
  /** Batches that are not finished, by state. */
  batches: Record<BatchState, number>;
  /** Failed rows of the newest 100 batches. */
  failed: CodeCount[];
  /** Customers with a submit that a person must settle. */
  parked: number;
  /** Age of the row that has waited longest where nothing but its turn is missing, in seconds; 0 if none waits. */
  oldestWaitingSeconds: number;
  /** Seconds until every row is done at the current pace; undefined while nothing moves. */
  etaSeconds: number | undefined;
  /** When the last upkeep ended, in seconds since 1970; undefined before the first. */
  upkeepAt: number | undefined;
}

export async function measureAccount(open: OpenAccount): Promise<AccountMeasures> {
  const { ledger, redis, account, pacer } = open;
  const [view, unfinished, newest, parked, report, intervalMs, ...jobs] = await Promise.all([
    viewAccount(open),
    ledger.listUnfinished(),
    ledger.listBatches(BATCHES_MAX),
    ledger.countParked(),
    readUpkeepReport(redis, account.ledger),
    pacer.slowestIntervalMs(),
    ...STEPS.map((step) =>
      open.queues[step].getJobCounts('prioritized', 'waiting', 'delayed', 'active', 'failed'),
    ),
  ]);
  const jobsOfSteps = STEPS.map((step, index) => [step, jobs[index]]);
  const now = open.now();
  return {
    ...view,
    jobs: Object.fromEntries(jobsOfSteps) as AccountMeasures['jobs'],
    rows: countRows(unfinished),
    batches: countStates(unfinished),
    failed: await countFailed(open, newest),
    parked,
    oldestWaitingSeconds: await findOldestAge(open, { batches: unfinished, now }),
    etaSeconds: isStandstill(view.heldBy) ? undefined : etaOf(unfinished, { intervalMs, now }),
    upkeepAt: report && report.at / MS_PER_SECOND,
  };
}

function countRows(batches: readonly Batch[]): OutcomeCounts {
  const sums = OUTCOMES.map((outcome) => [
    outcome,
    batches.reduce((sum, { counts }) => sum + counts[outcome], 0),
  ]);
  return Object.fromEntries(sums) as OutcomeCounts;
}

function countStates(batches: readonly Batch[]): Record<BatchState, number> {
  const counts = BATCH_STATES.map((state) => [
    state,
    batches.filter((batch) => batch.state === state).length,
  ]);
  return Object.fromEntries(counts) as Record<BatchState, number>;
}

async function countFailed({ ledger }: OpenAccount, batches: readonly Batch[]): Promise<CodeCount[]> {
  const failing = batches.filter(({ counts }) => counts.failed > 0);
  return (await Promise.all(failing.map(({ id }) => ledger.countCodes(id)))).flat();
}

interface Look {
  batches: readonly Batch[];
  /** Milliseconds since 1970. */
  now: number;
}

async function findOldestAge({ ledger }: OpenAccount, { batches, now }: Look): Promise<number> {
  const waiting = batches.filter((batch) => isDue(batch, now) && countActive(batch.counts) > 0);
  const ages = await Promise.all(
    waiting.map(async ({ id, notBefore = 0 }) => {
      const since = await ledger.findOldestWaiting(id);
      return since === undefined ? 0 : (now - Math.max(since, notBefore)) / MS_PER_SECOND;
    }),
  );
  return Math.max(0, ...ages);
}

/** Whether a person has not put it off. */
function isDue({ state, notBefore = 0 }: Batch, now: number): boolean {
  return state !== 'paused' && notBefore <= now;
}

/** Paused batches are left out. Pure. */
export function etaOf(
  batches: readonly Batch[],
  { intervalMs, now }: { intervalMs: number; now: number },
): number {
  const moving = batches.filter(({ state, counts }) => state !== 'paused' && countActive(counts) > 0);
  const left = moving.reduce((sum, { counts }) => sum + countActive(counts), 0);
  // Each batch that starts later is done no sooner than its own rows take from then on.
  const later = moving.map(
    ({ notBefore = 0, counts }) => Math.max(notBefore - now, 0) + countActive(counts) * intervalMs,
  );
  return Math.max(left * intervalMs, ...later) / MS_PER_SECOND;
}
