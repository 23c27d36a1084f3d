import type { Command } from 'commander';
import { withRedis } from '../context.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

interface PauseOptions {
  account?: string;
  json?: true;
}

export function define(command: Command): void {
  command
    .argument('[batch]', 'id of a batch; without it the whole account pauses')
    .option('--account <name>', 'the account; needed if there are several')
    .option('--json', 'print JSON')
    .action(async (batchId: string | undefined, options: PauseOptions) => {
      if (batchId === undefined) await pauseAccount(options);
      else await pauseBatch(batchId, options);
    });
}

async function pauseBatch(batchId: string, { json }: PauseOptions): Promise<void> {
  const paused = await withRedis((onboarding) => onboarding.pause(batchId, { by: whoRuns() }));
  if (json) await print(JSON.stringify({ batch: batchId, ...paused }));
  else say(`Batch ${batchId} is paused. To go on: onboard resume ${batchId}`);
}

async function pauseAccount({ account: name, json }: PauseOptions): Promise<void> {
  const paused = await withRedis((onboarding) => onboarding.pauseAccount({ account: name, by: whoRuns() }));
  if (json) await print(JSON.stringify(paused));
  else say(`Account ${paused.account} is paused. To go on: onboard resume --account ${paused.account}`);
}
