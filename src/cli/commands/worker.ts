import type { Command } from 'commander';
import { work } from '../../http/work.ts';
import { accountsOf } from '../../onboarding/accounts.ts';
import { describeInOneLine } from '../../onboarding/begin.ts';
import { openContext } from '../context.ts';
import { exitCodeOf } from '../exit.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';

interface WorkerArguments {
  account?: string[];
  concurrency?: number;
  json?: true;
}

export function define(command: Command): void {
  command
    .option('--account <name...>', 'serve only these accounts')
    .option('--concurrency <n>', 'jobs at a time for each queue', wholeNumber(1, 200))
    .option('--json', 'print one line of JSON once it works')
    .action(async (given: WorkerArguments) => {
      try {
        await start(given);
      } catch (error) {
        // What a worker says is a log, in which a line is what happened.
        say(`onboard: ${describeInOneLine(error)}`);
        process.exitCode = exitCodeOf(error);
      }
    });
}

async function start({ account: accounts, concurrency, json }: WorkerArguments): Promise<void> {
  const { onboarding, settings, logger } = openContext();
  await work({ onboarding, logger, order: { accounts, concurrency } });
  const served = accounts ?? accountsOf(settings).map(({ name }) => name);
  if (json) await print(JSON.stringify({ pid: process.pid, accounts: served }));
}
