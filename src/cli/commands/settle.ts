import { type Command, Option } from 'commander';
import { withRedis } from '../context.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

interface SettleOptions {
  row: number;
  as: 'submitted' | 'failed';
  json?: true;
}

const rowNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function define(command: Command): void {
  command
    .argument('<batch>', 'id of the batch')
    .requiredOption('--row <n>', 'row number, as in the result files', rowNumber)
    .addOption(
      new Option('--as <outcome>', 'what you found out')
        .choices(['submitted', 'failed'])
        .makeOptionMandatory(),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ onboard settle 3k9x2fq7d --row 17 --as submitted')
    .action(async (batchId: string, { row, as, json }: SettleOptions) => {
      const order = { row, as, by: whoRuns() };
      const settled = await withRedis((onboarding) => onboarding.settle(batchId, order));
      if (json) await print(JSON.stringify({ batch: batchId, row, as, ...settled }));
      else say(`Row ${row} (${settled.custSpaceId}) is ${as}.`);
    });
}
