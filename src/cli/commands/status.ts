import type { Command } from 'commander';
import type { BatchStatus } from '../../batch/status.ts';
import type { Onboarding } from '../../index.ts';
import { OUTCOMES, type OutcomeCounts } from '../../ledger/outcome.ts';
import type { CountedRedrive } from '../../ledger/redrive-record.ts';
import { renderTable } from '../../text.ts';
import { accountLines, describeAccount, LISTED_MAX, showAll, stateOf } from '../accounts-view.ts';
import { withRedis } from '../context.ts';
import { holdLines } from '../holds-view.ts';
import { print } from '../output.ts';
import { conclude, watch } from '../watch.ts';

interface StatusOptions {
  watch?: true;
  json?: true;
}

/** The newest ones; `--json` has all. */
const REDRIVES_SHOWN = 5;

export function define(command: Command): void {
  command
    .argument('[batch]', 'id of the batch')
    .option('--watch', 'follow the batch to its end')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ onboard status 3k9x2fq7d --watch')
    .action(async (batchId: string | undefined, options: StatusOptions) => {
      await withRedis((onboarding) =>
        batchId === undefined
          ? showAll(onboarding, { ...options, limit: LISTED_MAX })
          : showOne(onboarding, batchId, options),
      );
    });
}

async function showOne(onboarding: Onboarding, batchId: string, options: StatusOptions): Promise<void> {
  if (options.watch) {
    process.exitCode = conclude(await watch(onboarding.follow(batchId)));
    return;
  }
  const status = await onboarding.status(batchId);
  const { heldBy, batch, redrives, account } = status;
  const { workers } = account;
  if (options.json) await print(JSON.stringify({ heldBy, ...batch, redrives, workers, account }));
  else await print(renderTable(linesOf(status)));
}

function linesOf({ heldBy, batch, redrives, account }: BatchStatus): string[][] {
  return [
    ...holdLines(heldBy),
    ['batch', batch.id],
    ['name', batch.name],
    ['account', describeAccount({ name: batch.account, peer: account.peer })],
    // How it came to be paused is said already.
    ['state', batch.state === 'paused' ? batch.state : stateOf(batch)],
    ['total', String(batch.total)],
    ...happened(batch.counts).map((outcome) => [outcome, String(batch.counts[outcome])]),
    ...(batch.parked > 0 ? [['parked', String(batch.parked)]] : []),
    ['throttled', String(batch.throttled)],
    ...redrives.slice(-REDRIVES_SHOWN).map(redriveLine),
    ...accountLines(account),
  ];
}

const happened = (counts: OutcomeCounts) => OUTCOMES.filter((outcome) => counts[outcome] > 0);

function redriveLine({ number, by, filter, begun, counts }: CountedRedrive): string[] {
  const became = happened(counts).map((outcome) => `${counts[outcome]} ${outcome}`);
  return [
    `redrive ${number}`,
    `${became.join(', ') || 'no row was free'} (${filter}; ${by}, ${new Date(begun).toISOString()})`,
  ];
}
