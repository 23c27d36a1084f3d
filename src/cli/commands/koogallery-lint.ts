import type { Command } from 'commander';
import { lintTemplate } from '../../koogallery/template/load-lint.ts';
import { EXIT } from '../exit.ts';
import { printLint } from '../lint-view.ts';
import { print } from '../output.ts';

export function defineLint(command: Command): void {
  command
    .description('check an auto-deploy template against the rules of RFS; needs neither Redis nor network')
    .argument('<template>', 'the package, a zip')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nThese are rules of RFS (Resource Formation Service). That all of them are kept does not mean that the marketplace accepts the template.\n\nExit code 4: at least one rule is broken. Warnings alone do not fail.',
    )
    .action(lint);
}

async function lint(template: string, { json }: { json?: true }): Promise<void> {
  const report = await lintTemplate(template);
  if (json) await print(JSON.stringify(report));
  else await printLint(report);
  if (!report.hasPassed) process.exitCode = EXIT.rowsFailed;
}
