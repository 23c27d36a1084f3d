import type { Command } from 'commander';
import { runDemo } from '../../sandbox/demo.ts';
import { say } from '../output.ts';

export function define(command: Command): void {
  command
    .option(
      '--redis <url>',
      'use this Redis instead of a private one; whatever waits in it is sent to the simulators',
    )
    .action(async ({ redis: redisUrl }: { redis?: string }) => {
      process.exitCode = await runDemo({ say, redisUrl });
    });
}
