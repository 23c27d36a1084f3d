/** Accounts as people see them: what stops them, pace, newest batches. */
import type { Batch, Onboarding } from '../index.ts';
import type { AccountView } from '../onboarding/account-view.ts';
import { WORKING } from '../pace/heartbeats.ts';
import { renderTable } from '../text.ts';
import { holdLines } from './holds-view.ts';
import { print } from './output.ts';

/** Batches listed for each account by default. */
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
    const lines = [...holdLines(view.heldBy), ['account', describeAccount(view)], ...accountLines(view)];
    await print(renderTable(lines));
    const rows = view.batches.map(batchLine);
    if (rows.length > 0) await print(renderTable([['batch', 'name', 'state', 'submitted', ''], ...rows]));
  }
}

export function describeAccount({ name, peer }: Pick<AccountView, 'peer'> & { name: string }): string {
  return peer === 'rehearsal' ? `${name} (rehearsal)` : name;
}

function batchLine(batch: Batch): string[] {
  const { submitted, failed } = batch.counts;
  return [batch.id, batch.name, stateOf(batch), `${submitted}/${batch.total}`, `${failed} failed`];
}

export function accountLines({ pace, workers, rowsWithoutJob }: AccountView): string[][] {
  const lines = pace.map(({ step, intervalMs, granted, throttled }) => [
    `pace ${step}`,
    intervalMs === undefined
      ? 'not used yet'
      : `${intervalMs.toFixed(1)} ms between calls, ${granted} calls, ${throttled} throttled`,
  ]);
  if (workers.length > 0) lines.push(['workers', workersOf(workers)]);
  if (rowsWithoutJob > 0)
    lines.push(['rows without a job', `${rowsWithoutJob}, found and fixed by the last upkeep`]);
  return lines;
}

/** `2 alive`, and those that take no jobs with their reasons. */
function workersOf(workers: AccountView['workers']): string {
  const idle = workers.filter(({ state }) => state !== WORKING);
  return [
    `${workers.length} alive`,
    ...idle.map(({ host, pid, state }) => `${host}:${pid} takes no jobs: ${state}`),
  ].join('; ');
}

export function stateOf(batch: Batch): string {
  if (batch.state === 'enqueuing') return 'enqueuing (if no import is running, import the same file again)';
  if (batch.state !== 'paused') return batch.state;
  const goOn = `to continue: \`onboard resume ${batch.id}\``;
  if (batch.pausedBy !== undefined) return `paused by ${batch.pausedBy}; ${goOn}`;
  return `paused after too many ${batch.pausedWhy} refusals in a row; ${goOn}`;
}
