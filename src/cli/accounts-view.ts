/** Accounts as people see them: what stops them, pace, newest batches. */
import type { Batch, Onboarding } from '../index.ts';
import { countActive } from '../ledger/outcome.ts';
import type { AccountView } from '../onboarding/account-view.ts';
import { WORKING } from '../pace/heartbeats.ts';
import { cut } from '../printable.ts';
import { plural, renderDuration, renderTable } from '../text.ts';
import { holdLines } from './holds-view.ts';
import { print } from './output.ts';

/** Batches listed for each account by default. */
export const LISTED_MAX = 20;
const MS_PER_SECOND = 1_000;

export async function showAll(
  onboarding: Onboarding,
  options: { limit: number; json?: true },
): Promise<void> {
  const views = await Promise.all(
    (await onboarding.accounts()).map(async ({ account: name, ...view }) => {
      const batches = await onboarding.batches({ account: name, limit: options.limit });
      return { name, ...view, batches: await withEta(onboarding, batches) };
    }),
  );
  if (options.json) return print(JSON.stringify(views));
  for (const view of views) {
    const lines = [...holdLines(view.heldBy), ['account', describeAccount(view)], ...accountLines(view)];
    await print(renderTable(lines));
    if (view.batches.length > 0) await print(renderTable([HEADER, ...view.batches.map(batchLine)]));
  }
}

type ListedBatch = Batch & {
  /** Seconds until all of its rows are done, at the current pace; null if it is over, or nothing moves. */
  etaSeconds: number | null;
};

/** Batches for which it is found out when they are done. */
const ETA_MAX = 20;

async function withEta(onboarding: Onboarding, batches: readonly Batch[]): Promise<ListedBatch[]> {
  const active = batches.filter(({ counts }) => countActive(counts) > 0).slice(0, ETA_MAX);
  const etas = await Promise.all(
    active.map(async ({ id }) => [id, (await onboarding.status(id)).progress.etaSeconds ?? null] as const),
  );
  const found = new Map(etas);
  return batches.map((batch) => ({ ...batch, etaSeconds: found.get(batch.id) ?? null }));
}

export function describeAccount({ name, peer }: Pick<AccountView, 'peer'> & { name: string }): string {
  return peer === 'rehearsal' ? `${name} (rehearsal)` : name;
}

const HEADER = ['batch', 'name', 'created', 'took', 'by', 'submitted', 'unchanged', 'failed', 'ETA', 'state'];

/** One long name would push the columns of all batches off the screen. `status BATCH` and `--json` have all of it. */
const NAME_SHOWN_MAX = 40;

function shortName({ name }: Batch): string {
  return name.length > NAME_SHOWN_MAX ? `${cut(name, NAME_SHOWN_MAX - 1)}…` : name;
}

function batchLine(batch: ListedBatch): string[] {
  const { submitted, unchanged, failed } = batch.counts;
  const { etaSeconds } = batch;
  return [
    batch.id,
    shortName(batch),
    renderCreated(batch),
    renderTook(batch),
    batch.by,
    `${submitted}/${batch.total}`,
    String(unchanged),
    String(failed),
    etaSeconds === null ? '' : renderDuration(etaSeconds),
    stateOf(batch),
  ];
}

/** `2026-11-26T00:03:39Z`: to the second. */
export function renderCreated({ created }: Pick<Batch, 'created'>): string {
  return `${new Date(created).toISOString().slice(0, 19)}Z`;
}

/** How long it took, or has taken so far. */
export function renderTook({ created, finished }: Pick<Batch, 'created' | 'finished'>): string {
  return renderDuration(Math.max(0, (finished ?? Date.now()) - created) / MS_PER_SECOND);
}

export function accountLines({ pace, workers, rowsWithoutJob, reviews }: AccountView): string[][] {
  const lines = pace.map(({ step, intervalMs, granted, throttled }) => [
    `pace ${step}`,
    intervalMs === undefined
      ? 'not used yet'
      : `${intervalMs.toFixed(1)} ms between calls, ${granted} calls, ${throttled} throttled`,
  ]);
  if (workers.length > 0) lines.push(['workers', workersOf(workers)]);
  if (reviews.awaited > 0) lines.push(['reviews awaited', describeAwaited(reviews)]);
  if (rowsWithoutJob > 0)
    lines.push(['rows without a job', `${rowsWithoutJob}, found and fixed by the last upkeep`]);
  return lines;
}

/** `12, 3 of them for more than 7 days: onboard reviews` */
export function describeAwaited({ awaited, overdue, overdueDays }: AccountView['reviews']): string {
  if (overdue === 0) return String(awaited);
  return `${awaited}, ${overdue} of them for more than ${plural(overdueDays, 'day')}: onboard reviews`;
}

/** `2 alive`, and those that take no jobs with their reasons. */
function workersOf(workers: AccountView['workers']): string {
  const idle = workers.filter(({ state }) => state !== WORKING);
  return [
    `${workers.length} alive`,
    ...idle.map(
      ({ host, pid, state, stateSince }) =>
        `${host}:${pid} takes no jobs since ${new Date(stateSince).toISOString()}: ${state}`,
    ),
  ].join('; ');
}

export function stateOf(batch: Batch): string {
  if (batch.state === 'enqueuing') return 'enqueuing (if no import is running, import the same file again)';
  if (batch.state !== 'paused') return batch.state;
  const goOn = `to continue: \`onboard resume ${batch.id}\``;
  if (batch.pausedBy !== undefined) return `paused by ${batch.pausedBy}; ${goOn}`;
  return `paused after too many ${batch.pausedWhy} refusals in a row; ${goOn}`;
}
