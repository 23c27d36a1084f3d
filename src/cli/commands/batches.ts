import type { Command } from 'commander';
import { LISTED_MAX, showAll } from '../accounts-view.ts';
import { withRedis } from '../context.ts';
import { wholeNumber } from '../number.ts';

export function define(command: Command): void {
  command
    .option('--limit <n>', 'batches for each account', wholeNumber(1, 1000), LISTED_MAX)
    .option('--json', 'print JSON')
    .action(async (options: { limit: number; json?: true }) => {
      await withRedis((onboarding) => showAll(onboarding, options));
    });
}
