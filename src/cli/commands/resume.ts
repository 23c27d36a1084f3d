import type { Command } from 'commander';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function define(command: Command): void {
  command
    .argument('[batch]', 'id of a paused batch')
    .option('--account <name>', 'the account; needed if there are several')
    .action(async (batchId: string | undefined, { account }: { account?: string }) => {
      if (batchId === undefined) await resumeAccount(account);
      else await resumeBatch(batchId);
    });
}

async function resumeBatch(batchId: string): Promise<void> {
  const { rows } = await withRedis((onboarding) => onboarding.resume(batchId, { by: whoRuns() }));
  say(`Batch ${batchId} continues with ${plural(rows, 'row')}.`);
}

async function resumeAccount(name: string | undefined): Promise<void> {
  const { account, wasBreakerOpen } = await withRedis((onboarding) =>
    onboarding.resumeAccount({ account: name, by: whoRuns() }),
  );
  say(`Account ${account} continues${wasBreakerOpen ? '; its breaker is closed' : ''}.`);
}
