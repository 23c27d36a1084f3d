import type { Command } from 'commander';
import { renderTable } from '../../text.ts';
import { withOnboarding } from '../context.ts';
import { EXIT } from '../exit.ts';
import { print } from '../output.ts';

interface TestOptions {
  channel?: string;
  json?: true;
}

export function define(command: Command): void {
  command
    .command('test')
    .description('send a test to those who are alerted (ONBOARD_ALERTS), and say what each answers')
    .option('--channel <name>', 'only this one, by its name in the file')
    .option('--json', 'print each answer as one line of JSON')
    .addHelpText('after', '\nExample:\n  $ onboard alert test --channel dingtalk')
    .action(test);
}

async function test({ channel, json }: TestOptions): Promise<void> {
  const tested = await withOnboarding((onboarding) => onboarding.testAlerts({ channel }));
  if (json) for (const each of tested) await print(JSON.stringify(each));
  else
    await print(
      renderTable(tested.map(({ name, type, isOk, text }) => [isOk ? 'ok' : 'BAD', name, type, text])),
    );
  if (tested.some(({ isOk }) => !isOk)) process.exitCode = EXIT.needsPerson;
}
