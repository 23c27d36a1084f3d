import type { Command } from 'commander';
import { print, say } from '../output.ts';

export function define(command: Command): void {
  command
    .option(
      '--redis <url>',
      'use this Redis instead of a private one; whatever waits in it is sent to the simulators',
    )
    .option('--json', 'print the exit code of the import as JSON')
    .action(async ({ redis: redisUrl, json }: { redis?: string; json?: true }) => {
      const { runDemo } = await import('../../sandbox/demo.ts');
      const exitCode = await runDemo({ say, redisUrl });
      if (json) await print(JSON.stringify({ exitCode }));
      process.exitCode = exitCode;
    });
}
