import type { Command } from 'commander';
import type { Schedule } from '../../batch/schedule.ts';
import { renderTable } from '../../text.ts';
import { withRedis } from '../context.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

interface ScheduleOptions {
  cron?: string;
  account?: string;
  json?: true;
}

export function define(command: Command): void {
  command
    .option('--cron <pattern>', 'cron pattern in UTC, or off; also applies to workers that start later')
    .option('--account <name>', 'only this account')
    .option('--json', 'print JSON')
    .addHelpText('after', "\nExample:\n  $ onboard schedule --cron '0 * * * *'")
    .action(async ({ cron, account, json }: ScheduleOptions) => {
      const schedules = await withRedis((onboarding) =>
        cron === undefined
          ? onboarding.schedules({ account })
          : onboarding.setSchedule({ cron, account, by: whoRuns() }),
      );
      if (json) await print(JSON.stringify(schedules));
      else await show(schedules);
      // Whoever has just set it knows.
      const isUnexplained = cron === undefined && schedules.some(({ pattern }) => pattern === undefined);
      if (isUnexplained && !json) say('off: it was set so, or no worker has served the account yet.');
    });
}

async function show(schedules: readonly (Schedule & { account: string })[]): Promise<void> {
  const rows = schedules.map(({ account, pattern, next }) => [
    account,
    pattern ?? 'off',
    next === undefined ? '' : new Date(next).toISOString(),
  ]);
  await print(renderTable([['account', 'retried (UTC)', 'next'], ...rows]));
}
