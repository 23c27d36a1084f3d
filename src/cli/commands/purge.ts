import type { Command } from 'commander';
import { plural } from '../../text.ts';
import { confirm } from '../confirm.ts';
import { withRedis } from '../context.ts';
import { atInterrupt } from '../interrupt.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function define(command: Command): void {
  command
    .argument('<batch>', 'id of the batch')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(purge);
}

async function purge(batchId: string, { yes, json }: { yes?: true; json?: true }): Promise<void> {
  const { account, peer, rows } = await withRedis(async (onboarding) => {
    const { batch } = await onboarding.status(batchId);
    const what = `Batch ${batchId} ("${batch.name}", ${plural(batch.total, 'row')}) is deleted for good.`;
    if (!yes) await confirm(what, batchId);
    atInterrupt(
      () =>
        `Interrupted. To complete it, repeat: onboard purge ${batchId}\nIf there is no such batch any more, it is complete.`,
    );
    return onboarding.purge(batchId, { by: whoRuns() });
  });
  if (json) await print(JSON.stringify({ batch: batchId, account, peer, rows }));
  else
    say(
      `Deleted batch ${batchId} and its ${plural(rows, 'row')}. Fingerprints of submitted customers are kept.`,
    );
}
