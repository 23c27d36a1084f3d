/** Accounts as people see them: pace, breaker, newest batches. */
import type { Batch } from '../ledger/records.ts';
import type { AccountRuntime } from '../onboarding/open-account.ts';
import { LIMITED_OPERATIONS, readPace } from '../pace/pacer.ts';
import { renderTable } from '../text.ts';
import type { Session } from './context.ts';
import { print } from './output.ts';

/** Batches that are listed for each account unless asked otherwise. */
export const LISTED_MAX = 20;

export async function showAll(session: Session, options: { limit: number; json?: true }): Promise<void> {
  const views = await Promise.all(
    session.accounts.map(async ({ name }) => {
      const runtime = session.runtimeOf(name);
      return {
        name,
        ...(await accountView(session, runtime)),
        batches: await runtime.ledger.listBatches(options.limit),
      };
    }),
  );
  if (options.json) return print(JSON.stringify(views));
  for (const view of views) {
    await print(renderTable([['account', view.name], ...accountLines(view)]));
    const rows = view.batches.map((batch) => [
      batch.id,
      batch.name,
      stateOf(batch),
      `${batch.counts.submitted}/${batch.total}`,
      `${batch.counts.failed} failed`,
    ]);
    if (rows.length > 0) await print(renderTable([['batch', 'name', 'state', 'submitted', ''], ...rows]));
  }
}

export interface AccountView {
  /** Whether a person has paused the account. */
  isPaused: boolean;
  pace: Awaited<ReturnType<typeof readPace>>[];
  breaker: Awaited<ReturnType<AccountRuntime['breaker']['read']>>;
}

export async function accountView(session: Session, runtime: AccountRuntime): Promise<AccountView> {
  const pace = await Promise.all(
    LIMITED_OPERATIONS.map((operation) => readPace(session.redis, runtime.account.name, operation)),
  );
  return { isPaused: await runtime.queues.upload.isPaused(), pace, breaker: await runtime.breaker.read() };
}

export function accountLines({ isPaused, pace, breaker }: AccountView): string[][] {
  const lines = pace.map(({ operation, intervalMs, granted, throttled }) => [
    `pace ${operation}`,
    intervalMs === undefined
      ? 'not used yet'
      : `${intervalMs.toFixed(1)} ms between calls, ${granted} calls, ${throttled} throttled`,
  ]);
  if (isPaused) lines.push(['paused', 'by a person; go on with `onboard resume`']);
  if (breaker === undefined) return lines;
  const since = new Date(breaker.since).toISOString();
  return [
    ...lines,
    ['breaker', `OPEN since ${since}: ${breaker.code} ${breaker.message}`],
    ['', `→ ${breaker.hint}`],
  ];
}

export function stateOf(batch: Batch): string {
  if (batch.state === 'enqueuing') return 'enqueuing (if no import runs: import the same file again)';
  if (batch.state !== 'paused') return batch.state;
  return `paused after too many ${batch.pausedWhy} in a row; go on with \`onboard resume ${batch.id}\``;
}
