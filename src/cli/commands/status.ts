import type { Command } from 'commander';
import { OUTCOMES, type OutcomeCounts } from '../../ledger/outcome.ts';
import type { CountedRedrive } from '../../ledger/records.ts';
import { renderTable } from '../../text.ts';
import { accountLines, accountView, LISTED_MAX, showAll, stateOf } from '../accounts-view.ts';
import { type Session, withSession } from '../context.ts';
import { print } from '../output.ts';
import { conclude, watchBatch } from '../watch.ts';

/** The newest ones; `--json` has all. */
const REDRIVES_SHOWN = 5;

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
  const redrives = await runtime.ledger.listRedrives(batchId);
  if (options.json) return print(JSON.stringify({ ...batch, redrives, account }));
  const counts = happened(batch.counts).map((outcome) => [outcome, String(batch.counts[outcome])]);
  const facts = [
    ['batch', batch.id],
    ['name', batch.name],
    ['account', batch.account],
    ['state', stateOf(batch)],
    ['total', String(batch.total)],
  ];
  const later = batch.state !== 'finished' && (batch.notBefore ?? 0) > Date.now();
  const starts = later ? [['starts', new Date(batch.notBefore ?? 0).toISOString()]] : [];
  const parked = batch.parked > 0 ? [['parked', String(batch.parked)]] : [];
  await print(
    renderTable([
      ...facts,
      ...starts,
      ...counts,
      ...parked,
      ['throttled', String(batch.throttled)],
      ...redrives
        .filter(({ kind }) => kind === 'redrive')
        .slice(-REDRIVES_SHOWN)
        .map(redriveLine),
      ...accountLines(account),
    ]),
  );
}

const happened = (counts: OutcomeCounts) => OUTCOMES.filter((outcome) => counts[outcome] > 0);

function redriveLine({ round, by, filter, begun, enqueued, counts }: CountedRedrive): string[] {
  const became = happened(counts).map((outcome) => `${counts[outcome]} ${outcome}`);
  const progress = enqueued === undefined ? ['being enqueued'] : [];
  return [
    `redrive ${round}`,
    `${[...became, ...progress].join(', ') || 'no row was free'} (${filter}; ${by}, ${new Date(begun).toISOString()})`,
  ];
}
