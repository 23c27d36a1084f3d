import type { Command } from 'commander';
import { withSession } from '../context.ts';
import { say } from '../output.ts';

export function addPause(program: Command): void {
  program
    .command('pause')
    .description('send nothing more for an account until `resume`; calls under way finish')
    .option('--account <name>', 'the account; needed where there are several')
    .action(async ({ account }: { account?: string }) => {
      await withSession(async (session) => {
        const { queues, account: paused } = session.runtimeOf(account);
        await Promise.all([queues.upload.pause(), queues.submit.pause()]);
        say(`The account ${paused.name} is paused.`);
      });
    });
}
