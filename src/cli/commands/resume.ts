import type { Command } from 'commander';
import { closeBreaker } from '../../../workers/step.ts';
import { resumeBatch } from '../../batch/redrive.ts';
import { plural } from '../../text.ts';
import { withSession } from '../context.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function addResume(program: Command): void {
  program
    .command('resume')
    .description('let a paused account, one whose breaker is open, or a paused batch go on now')
    .argument('[batch]', 'id of a batch that was paused')
    .option('--account <name>', 'the account; needed where there are several')
    .action(async (batchId: string | undefined, { account }: { account?: string }) => {
      await withSession(async (session) => {
        if (batchId !== undefined) {
          const { runtime } = await session.findBatch(batchId);
          const rows = await resumeBatch(runtime, batchId, whoRuns());
          await runtime.ledger.note(batchId, {
            by: whoRuns(),
            action: 'resume',
            details: plural(rows, 'row'),
          });
          say(`The batch ${batchId} goes on with ${plural(rows, 'row')}.`);
          return;
        }
        const runtime = session.runtimeOf(account);
        await Promise.all([runtime.queues.upload.resume(), runtime.queues.submit.resume()]);
        const wasOpen = await closeBreaker(runtime);
        say(`The account ${runtime.account.name} goes on${wasOpen ? '; its breaker is closed' : ''}.`);
      });
    });
}
