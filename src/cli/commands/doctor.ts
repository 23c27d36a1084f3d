import type { Command } from 'commander';
import type { Finding } from '../../onboarding/finding.ts';
import { withPeer } from '../context.ts';
import { EXIT } from '../exit.ts';
import { print } from '../output.ts';

export function define(command: Command): void {
  command
    .option('--json', 'print each finding as one line of JSON')
    .action(async ({ json }: { json?: true }) => {
      // A configuration that cannot be read ends here, with every problem named.
      process.exitCode = await withPeer(async (onboarding) => {
        let isOk = true;
        for await (const finding of onboarding.doctor()) {
          isOk &&= finding.isOk;
          await print(json ? JSON.stringify(finding) : render(finding));
        }
        return isOk ? EXIT.done : EXIT.usage;
      });
    });
}

function render({ what, isOk, isNote, text, hint }: Finding): string {
  const mark = isNote ? 'note' : isOk ? 'ok  ' : 'BAD ';
  const line = `${mark} ${what.padEnd(28)} ${text}`;
  return (isOk && !isNote) || hint === undefined ? line : `${line}\n     → ${hint}`;
}
