import type { Command } from 'commander';
import { untilSignal } from '../../onboarding/until-signal.ts';
import { openContext } from '../context.ts';
import { wholeNumber } from '../number.ts';

interface WorkerArguments {
  account?: string[];
  concurrency?: number;
}

export function define(command: Command): void {
  command
    .option('--account <name...>', 'serve only these accounts')
    .option('--concurrency <n>', 'jobs at a time for each queue', wholeNumber(1, 200))
    .action(async ({ account: accounts, concurrency }: WorkerArguments) => {
      const { onboarding, settings, logger } = openContext();
      await onboarding.startWorkers({ accounts, concurrency });
      untilSignal(() => onboarding.close(), { graceSeconds: settings.workers.graceSeconds, logger });
    });
}
