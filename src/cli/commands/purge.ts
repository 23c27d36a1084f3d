import type { Command } from 'commander';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function define(command: Command): void {
  command.argument('<batch>', 'id of the batch').action(async (batchId: string) => {
    const { rows } = await withRedis((onboarding) => onboarding.purge(batchId, { by: whoRuns() }));
    say(
      `Deleted batch ${batchId} and its ${plural(rows, 'row')}. Fingerprints of submitted customers are kept.`,
    );
  });
}
