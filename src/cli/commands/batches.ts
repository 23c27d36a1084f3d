import type { Command } from 'commander';
import { LISTED_MAX, showAll } from '../accounts-view.ts';
import { withSession } from '../context.ts';
import { wholeNumber } from '../number.ts';

export function addBatches(program: Command): void {
  program
    .command('batches')
    .description('the newest batches of every account, with pace and breaker')
    .option('--limit <n>', 'batches for each account', wholeNumber(1, 1000), LISTED_MAX)
    .option('--json', 'print JSON')
    .action(async (options: { limit: number; json?: true }) => {
      await withSession((session) => showAll(session, options));
    });
}
