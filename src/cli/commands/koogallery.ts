import type { Command } from 'commander';
import { defineProbe } from './koogallery-probe.ts';

export function define(command: Command): void {
  defineProbe(command.command('probe'));
}
