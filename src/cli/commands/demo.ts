import type { Command } from 'commander';
import { runDemo } from '../../sandbox/demo.ts';
import { say } from '../output.ts';

export function define(command: Command): void {
  command.action(async () => {
    process.exitCode = await runDemo({ say });
  });
}
