import type { Command } from 'commander';
import type { Finding } from '../../onboarding/finding.ts';
import { withOnboarding } from '../context.ts';
import { EXIT } from '../exit.ts';
import { print } from '../output.ts';

export function define(command: Command): void {
  command
    .option('--json', 'print each finding as one line of JSON')
    .action(async ({ json }: { json?: true }) => {
      // A configuration that cannot be read ends here, with every problem named.
      process.exitCode = await withOnboarding(async (onboarding) => {
        let isOk = true;
        for await (const finding of onboarding.doctor()) {
          isOk &&= finding.isOk;
          await print(json ? JSON.stringify(finding) : render(finding));
        }
        return isOk ? EXIT.done : EXIT.usage;
      });
    });
}

function render({ what, isOk, text, hint }: Finding): string {
  const line = `${isOk ? 'ok  ' : 'BAD '} ${what.padEnd(28)} ${text}`;
  return hint === undefined ? line : `${line}\n     → ${hint}`;
}
