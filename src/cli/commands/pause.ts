import type { Command } from 'commander';
import { withRedis } from '../context.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function define(command: Command): void {
  command
    .argument('[batch]', 'id of a batch; without it the whole account pauses')
    .option('--account <name>', 'the account; needed if there are several')
    .action(async (batchId: string | undefined, { account }: { account?: string }) => {
      if (batchId === undefined) await pauseAccount(account);
      else await pauseBatch(batchId);
    });
}

async function pauseBatch(batchId: string): Promise<void> {
  await withRedis((onboarding) => onboarding.pause(batchId, { by: whoRuns() }));
  say(`Batch ${batchId} is paused. To go on: onboard resume ${batchId}`);
}

async function pauseAccount(name: string | undefined): Promise<void> {
  const { account } = await withRedis((onboarding) =>
    onboarding.pauseAccount({ account: name, by: whoRuns() }),
  );
  say(`Account ${account} is paused.`);
}
