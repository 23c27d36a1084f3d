import type { Command } from 'commander';
import { runDemo } from '../../sandbox/demo.ts';
import { say } from '../output.ts';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'show everything on this machine: Redis, simulators, workers, board, and an import of the examples',
    )
    .action(async () => {
      process.exitCode = await runDemo({ say });
    });
}
