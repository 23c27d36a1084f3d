import type { Command } from 'commander';
import { AppError } from '../../errors.ts';
import { type Qualification, qualify } from '../../koogallery/qualification.ts';
import { print, say } from '../output.ts';

export function defineQualify(command: Command): void {
  command
    .description('tell which audited report an application for joint operation must show')
    .requiredOption('--applied <date>', 'day of the application: 2026-03-31')
    .option('--json', 'print JSON')
    .action(tell);
}

async function tell({ applied, json }: { applied: string; json?: true }): Promise<void> {
  const found = qualify(applied);
  if (found === undefined)
    throw new AppError('USAGE', '--applied: give a day of the calendar, such as 2026-03-31.');
  if (json) return print(JSON.stringify(found));
  say(describe(found));
}

function describe({ applied, auditedYears, doubtfulYears, doubt, withoutAudit, assessed }: Qualification) {
  const years = `Applied for on ${applied}: the audited financial report of ${auditedYears.join(' or of ')}.`;
  const unsure = doubt === undefined ? [] : [`${doubt} Ask before you rely on ${doubtfulYears.join(', ')}.`];
  return [years, ...unsure, withoutAudit, assessed].join('\n');
}
