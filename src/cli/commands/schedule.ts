import type { Command } from 'commander';
import { listSchedule, scheduleRetries } from '../../../workers/upkeep.ts';
import { AppError } from '../../errors.ts';
import { cronSchema } from '../../onboarding/config.ts';
import { renderTable } from '../../text.ts';
import { type Session, withSession } from '../context.ts';
import { print, say } from '../output.ts';

export function addSchedule(program: Command): void {
  program
    .command('schedule')
    .description('when rows that failed for a passing reason are tried again; show it, or set it with --cron')
    .option('--cron <pattern>', 'cron pattern in UTC, or off; stays in force for workers that start later')
    .option('--account <name>', 'only this account')
    .option('--json', 'print JSON')
    .addHelpText('after', "\nExample:\n  $ onboard schedule --cron '0 * * * *'")
    .action(async ({ cron, account, json }: { cron?: string; account?: string; json?: true }) => {
      if (cron !== undefined && !cronSchema.safeParse(cron).success)
        throw new AppError('USAGE', `"${cron}" is no cron pattern of five or six fields, nor off.`);
      await withSession(async (session) => {
        const names =
          account === undefined
            ? session.accounts.map(({ name }) => name)
            : [session.runtimeOf(account).account.name];
        if (cron !== undefined)
          await Promise.all(
            names.map((name) => scheduleRetries(session.runtimeOf(name), session.redis, cron)),
          );
        await show(session, names, json);
      });
    });
}

async function show(session: Session, names: readonly string[], json?: true): Promise<void> {
  const schedules = await Promise.all(
    names.map(async (name) => ({ account: name, ...(await listSchedule(session.runtimeOf(name))) })),
  );
  if (json) return print(JSON.stringify(schedules));
  const rows = schedules.map(({ account, pattern, next }) => [
    account,
    pattern ?? 'off',
    next === undefined ? '' : new Date(next).toISOString(),
  ]);
  await print(renderTable([['account', 'tried again (UTC)', 'next'], ...rows]));
  if (rows.some(([, pattern]) => pattern === 'off'))
    say('An account that no worker has served yet has no schedule.');
}
