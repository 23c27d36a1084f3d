/** Accounts as people see them: pace, breaker, newest batches. */
import type { Batch, Onboarding } from '../index.ts';
import type { AccountView } from '../onboarding/account-view.ts';
import { renderTable } from '../text.ts';
import { print } from './output.ts';

/** Batches that are listed for each account unless asked otherwise. */
export const LISTED_MAX = 20;

export async function showAll(
  onboarding: Onboarding,
  options: { limit: number; json?: true },
): Promise<void> {
  const views = await Promise.all(
    (await onboarding.accounts()).map(async ({ account: name, ...view }) => ({
      name,
      ...view,
      batches: await onboarding.batches({ account: name, limit: options.limit }),
    })),
  );
  if (options.json) return print(JSON.stringify(views));
  for (const view of views) {
    await print(renderTable([['account', view.name], ...accountLines(view)]));
    const rows = view.batches.map(batchLine);
    if (rows.length > 0) await print(renderTable([['batch', 'name', 'state', 'submitted', ''], ...rows]));
  }
}

function batchLine(batch: Batch): string[] {
  const { submitted, failed } = batch.counts;
  return [batch.id, batch.name, stateOf(batch), `${submitted}/${batch.total}`, `${failed} failed`];
}

export function accountLines(view: AccountView): string[][] {
  const { pace, breaker, rowsWithoutJob } = view;
  const lines = pace.map(({ step, intervalMs, granted, throttled }) => [
    `pace ${step}`,
    intervalMs === undefined
      ? 'not used yet'
      : `${intervalMs.toFixed(1)} ms between calls, ${granted} calls, ${throttled} throttled`,
  ]);
  if (view.isPaused) lines.push(['paused', `${pausedBy(view)}; to go on: \`onboard resume\``]);
  if (rowsWithoutJob > 0)
    lines.push(['rows without a job', `${rowsWithoutJob}, given one by the last upkeep`]);
  if (breaker === undefined) return lines;
  const since = new Date(breaker.since).toISOString();
  return [
    ...lines,
    ['breaker', `OPEN since ${since}: ${breaker.code} ${breaker.message}`],
    ['', `→ ${breaker.hint}`],
  ];
}

function pausedBy({ pause }: AccountView): string {
  return pause === undefined ? 'by a person' : `by ${pause.by} since ${new Date(pause.at).toISOString()}`;
}

export function stateOf(batch: Batch): string {
  if (batch.state === 'enqueuing') return 'enqueuing (if no import is running: import the same file again)';
  if (batch.state !== 'paused') return batch.state;
  return `paused after too many ${batch.pausedWhy} in a row; to go on: \`onboard resume ${batch.id}\``;
}
