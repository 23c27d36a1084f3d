/** Accounts as people see them: outage, pace, breaker, newest batches. */
import type { Batch, Onboarding } from '../index.ts';
import type { AccountView } from '../onboarding/account-view.ts';
import type { OpenOutage } from '../pace/outage.ts';
import { renderTable } from '../text.ts';
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
    await print(
      renderTable([...outageLines(view), ['account', describeAccount(view)], ...accountLines(view)]),
    );
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

/** What keeps every row from moving comes before everything else. */
export function outageLines({ outage }: Pick<AccountView, 'outage'>): string[][] {
  return outage === undefined ? [] : [['outage', describeOutage(outage)]];
}

/** Describes an open outage, for use after the word "outage". */
export function describeOutage({ operation, since, code, message }: OpenOutage): string {
  const peer = operation === 'put' ? 'OSS' : 'Chat App';
  const what = `${peer} (${operation}) is not answering: ${code} ${message}`;
  return `since ${new Date(since).toISOString()}: ${what}; nothing to do, sending resumes by itself`;
}

export function accountLines(view: AccountView): string[][] {
  const { pace, breaker, rowsWithoutJob } = view;
  const lines = pace.map(({ step, intervalMs, granted, throttled }) => [
    `pace ${step}`,
    intervalMs === undefined
      ? 'not used yet'
      : `${intervalMs.toFixed(1)} ms between calls, ${granted} calls, ${throttled} throttled`,
  ]);
  if (view.isPaused) lines.push(['paused', `${pausedBy(view)}; to continue: \`onboard resume\``]);
  if (rowsWithoutJob > 0)
    lines.push(['rows without a job', `${rowsWithoutJob}, found and fixed by the last upkeep`]);
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
  if (batch.state === 'enqueuing') return 'enqueuing (if no import is running, import the same file again)';
  if (batch.state !== 'paused') return batch.state;
  return `paused after too many ${batch.pausedWhy} refusals in a row; to continue: \`onboard resume ${batch.id}\``;
}
