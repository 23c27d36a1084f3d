import type { Command } from 'commander';
import { OUTCOMES } from '../../batch/outcome.ts';
import { accountLines, accountView, LISTED_MAX, showAll, stateOf } from '../accounts-view.ts';
import { type Session, withSession } from '../context.ts';
import { print, renderTable } from '../output.ts';
import { conclude, watchBatch } from '../watch.ts';

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('where a batch stands, or every account with its newest batches')
    .argument('[batch]', 'id of the batch')
    .option('--watch', 'follow the batch to its end')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ onboard status 3k9x2fq7d --watch')
    .action(async (batchId: string | undefined, options: { watch?: true; json?: true }) => {
      await withSession((session) =>
        batchId === undefined
          ? showAll(session, { ...options, limit: LISTED_MAX })
          : showOne(session, batchId, options),
      );
    });
}

async function showOne(
  session: Session,
  batchId: string,
  options: { watch?: true; json?: true },
): Promise<void> {
  const { runtime, batch } = await session.findBatch(batchId);
  if (options.watch) {
    process.exitCode = conclude(await watchBatch(session.redis, runtime, batchId));
    return;
  }
  const account = await accountView(session, runtime);
  if (options.json) return print(JSON.stringify({ ...batch, account }));
  const counts = OUTCOMES.filter((outcome) => batch.counts[outcome] > 0).map((outcome) => [
    outcome,
    String(batch.counts[outcome]),
  ]);
  const facts = [
    ['batch', batch.id],
    ['name', batch.name],
    ['account', batch.account],
    ['state', stateOf(batch)],
    ['total', String(batch.total)],
  ];
  const parked = batch.parked > 0 ? [['parked', String(batch.parked)]] : [];
  await print(
    renderTable([
      ...facts,
      ...counts,
      ...parked,
      ['throttled', String(batch.throttled)],
      ...accountLines(account),
    ]),
  );
}
