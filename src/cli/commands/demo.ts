import type { Command } from 'commander';
import { print, say } from '../output.ts';

interface DemoArguments {
  redis?: string;
  stay?: boolean;
  json?: true;
}

export function define(command: Command): void {
  command
    .option(
      '--redis <url>',
      'use this Redis instead of a private one; whatever waits in it is sent to the simulators',
    )
    .option('--stay', 'stay up after the import until Ctrl-C; on a terminal it does')
    .option('--no-stay', 'end after the import')
    .option('--json', 'print the exit code of the import as JSON')
    .action(async ({ redis: redisUrl, stay: stays = isWatched(), json }: DemoArguments) => {
      const { runDemo } = await import('../../sandbox/demo.ts');
      const exitCode = await runDemo({ say, redisUrl, stays });
      if (json) await print(JSON.stringify({ exitCode }));
      process.exitCode = exitCode;
    });
}

/** Whether somebody is there who can read the address and press Ctrl-C. */
function isWatched(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}
