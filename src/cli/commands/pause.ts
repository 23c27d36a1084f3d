import type { Command } from 'commander';
import { withRedis } from '../context.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function define(command: Command): void {
  command
    .option('--account <name>', 'the account; needed if there are several')
    .action(async ({ account: name }: { account?: string }) => {
      const { account } = await withRedis((onboarding) =>
        onboarding.pauseAccount({ account: name, by: whoRuns() }),
      );
      say(`Account ${account} is paused.`);
    });
}
