import type { Command } from 'commander';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { atInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

interface PriorityOptions {
  set: number;
  json?: true;
}

export function define(command: Command): void {
  command
    .argument('<batch>', 'id of the batch')
    .requiredOption('--set <n>', 'from 2 on, lower goes first; 100 is usual', wholeNumber(2, 1_000_000))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ onboard priority 3k9x2fq7d --set 10')
    .action(async (batchId: string, { set: priority, json }: PriorityOptions) => {
      atInterrupt(() => `Interrupted. To complete it, repeat: onboard priority ${batchId} --set ${priority}`);
      const order = { by: whoRuns(), priority };
      const moved = await withRedis((onboarding) => onboarding.prioritize(batchId, order));
      if (json) await print(JSON.stringify({ batch: batchId, priority, ...moved }));
      else say(`Batch ${batchId} has priority ${priority} now; ${plural(moved.rows, 'waiting row')} moved.`);
    });
}
