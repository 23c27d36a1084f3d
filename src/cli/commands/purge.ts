import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { plural } from '../../text.ts';
import { withSession } from '../context.ts';
import { say } from '../output.ts';

export function addPurge(program: Command): void {
  program
    .command('purge')
    .description(
      "remove a finished batch with its customers' data; only fingerprints of what was submitted stay",
    )
    .argument('<batch>', 'id of the batch')
    .action(async (batchId: string) => {
      await withSession(async (session) => {
        const { runtime, batch } = await session.findBatch(batchId);
        if (batch.state !== 'finished')
          throw new AppError(
            'BATCH_STATE',
            `The batch ${batchId} is ${batch.state}; only a finished one is purged. Cancel it first.`,
          );
        await runtime.ledger.purge(batchId);
        say(
          `The batch ${batchId} is gone with its ${plural(batch.total, 'row')}. Customers already submitted are still known.`,
        );
      });
    });
}
