import type { Command } from 'commander';
import { runDemo } from '../../sandbox/demo.ts';
import { say } from '../output.ts';

export function define(command: Command): void {
  command
    .option(
      '--redis <url>',
      'use this Redis instead of a private one; what waits in it goes to the simulators',
    )
    .action(async ({ redis: redisUrl }: { redis?: string }) => {
      process.exitCode = await runDemo({ say, redisUrl });
    });
}
