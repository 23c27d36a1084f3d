import type { Command } from 'commander';
import { describeInOneLine } from '../../onboarding/begin.ts';
import { untilSignal } from '../../onboarding/until-signal.ts';
import { openContext } from '../context.ts';
import { exitCodeOf } from '../exit.ts';
import { wholeNumber } from '../number.ts';
import { say } from '../output.ts';

interface WorkerArguments {
  account?: string[];
  concurrency?: number;
}

export function define(command: Command): void {
  command
    .option('--account <name...>', 'serve only these accounts')
    .option('--concurrency <n>', 'jobs at a time for each queue', wholeNumber(1, 200))
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

async function start({ account: accounts, concurrency }: WorkerArguments): Promise<void> {
  const { onboarding, settings, logger } = openContext();
  await onboarding.startWorkers({ accounts, concurrency });
  untilSignal(() => onboarding.close(), { graceSeconds: settings.workers.graceSeconds, logger });
}
