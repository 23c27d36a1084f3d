import type { Command } from 'commander';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function define(command: Command): void {
  command.argument('<batch>', 'id of the batch').action(async (batchId: string) => {
    const { rows } = await withRedis((onboarding) => onboarding.purge(batchId, { by: whoRuns() }));
    say(
      `The batch ${batchId} is gone with its ${plural(rows, 'row')}. Customers already submitted are still known.`,
    );
  });
}
