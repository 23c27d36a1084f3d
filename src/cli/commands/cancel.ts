import type { Command } from 'commander';
import { cancelBatch } from '../../batch/cancel.ts';
import { plural } from '../../text.ts';
import { withSession } from '../context.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('send nothing more of a batch; calls under way finish')
    .argument('<batch>', 'id of the batch')
    .action(async (batchId: string) => {
      await withSession(async (session) => {
        const { runtime } = await session.findBatch(batchId);
        const rows = await cancelBatch(runtime, batchId);
        await runtime.ledger.note(batchId, { by: whoRuns(), action: 'cancel', details: plural(rows, 'row') });
        say(
          `Cancelled ${plural(rows, 'row')}. Send them after all: onboard retry ${batchId} --outcome cancelled`,
        );
      });
    });
}
