import type { Command } from 'commander';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

interface ResumeOptions {
  account?: string;
  json?: true;
}

export function define(command: Command): void {
  command
    .argument('[batch]', 'id of a paused batch')
    .option('--account <name>', 'the account; needed if there are several')
    .option('--json', 'print JSON')
    .action(async (batchId: string | undefined, options: ResumeOptions) => {
      if (batchId === undefined) await resumeAccount(options);
      else await resumeBatch(batchId, options);
    });
}

async function resumeBatch(batchId: string, { json }: ResumeOptions): Promise<void> {
  const resumed = await withRedis((onboarding) => onboarding.resume(batchId, { by: whoRuns() }));
  if (json) await print(JSON.stringify({ batch: batchId, ...resumed }));
  else say(`Batch ${batchId} continues with ${plural(resumed.rows, 'row')}.`);
}

async function resumeAccount({ account: name, json }: ResumeOptions): Promise<void> {
  const resumed = await withRedis((onboarding) => onboarding.resumeAccount({ account: name, by: whoRuns() }));
  const { account, wasBreakerOpen } = resumed;
  if (json) await print(JSON.stringify(resumed));
  else say(`Account ${account} continues${wasBreakerOpen ? '; its breaker is closed' : ''}.`);
}
