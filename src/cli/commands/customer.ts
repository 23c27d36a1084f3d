import type { Command } from 'commander';
import type { Where } from '../../index.ts';
import { withRedis } from '../context.ts';
import { print } from '../output.ts';
import { renderStory } from '../story-view.ts';

export function define(command: Command): void {
  command
    .argument('<id>', 'CustSpaceId')
    .option('--account <name>', 'only this account')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ onboard customer C100001')
    .action(async (custSpaceId: string, { account, json }: Where & { json?: true }) => {
      const where = account === undefined ? {} : { account };
      const stories = await withRedis((onboarding) => onboarding.customer(custSpaceId, where));
      if (json) await print(JSON.stringify(stories));
      else await print(stories.map(renderStory).join('\n\n'));
    });
}
