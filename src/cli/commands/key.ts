import { type Command, Option } from 'commander';
import { accountsOf, findAccount } from '../../onboarding/accounts.ts';
import type { ApiKey, ApiKeyOrder } from '../../onboarding/api-keys.ts';
import { ROLES } from '../../onboarding/user.ts';
import { withOnboarding } from '../context.ts';
import { print, say } from '../output.ts';
import { parseWhen } from '../time.ts';
import { whoRuns } from '../who.ts';

type AddOptions = Pick<ApiKeyOrder, 'role' | 'account' | 'expires'> & { json?: true };

export function define(command: Command): void {
  command
    .command('add')
    .description('make a key for the HTTP API; it is printed now and never again')
    .argument('<name>', 'name of the key: who or what will use it')
    .addOption(
      new Option('--role <role>', 'viewer looks, operator acts').choices([...ROLES]).makeOptionMandatory(),
    )
    .option('--account <name>', 'it is only for this account')
    .option('--expires <time>', 'it ends then: 2026-01-31T22:00:00+08:00, or +90d', parseWhen)
    .option('--json', 'print JSON')
    .action(add);
  command.command('list').description('list the keys').option('--json', 'print JSON').action(list);
  command
    .command('revoke')
    .description('end a key at once')
    .argument('<name>', 'name of the key')
    .option('--json', 'print JSON')
    .action(revoke);
}

async function add(name: string, { json, ...order }: AddOptions): Promise<void> {
  const key = await withOnboarding(async (onboarding) => {
    if (order.account !== undefined) findAccount(accountsOf(onboarding.settings), order.account);
    return (await onboarding.apiKeys()).add({ name, ...order, by: whoRuns() });
  });
  await print(json ? JSON.stringify({ name, ...order, key }) : key);
  say('Keep it: it is not shown again. Send it as "Authorization: Bearer KEY".');
}

async function list({ json }: { json?: true }): Promise<void> {
  const all = await withOnboarding(async (onboarding) => (await onboarding.apiKeys()).list());
  if (json) return print(JSON.stringify(all));
  if (all.length === 0) return say('There are no keys.');
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const key of all) await print(`${key.name.padEnd(width)}  ${describe(key)}`);
}

function describe({ role, account, created, expires, by }: ApiKey): string {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const parts = [
    role.padEnd(8),
    account === undefined ? 'all accounts' : `account ${account}`,
    `made ${day(created)} by ${by}`,
    expires === undefined
      ? ''
      : expires <= Date.now()
        ? `EXPIRED ${day(expires)}`
        : `expires ${day(expires)}`,
  ];
  return parts.filter(Boolean).join('  ');
}

async function revoke(name: string, { json }: { json?: true }): Promise<void> {
  await withOnboarding(async (onboarding) => (await onboarding.apiKeys()).revoke(name));
  if (json) await print(JSON.stringify({ name }));
  else say(`Key ${name} is revoked.`);
}
