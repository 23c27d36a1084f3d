import { type Command, Option } from 'commander';
import { readConfiguration } from '../../onboarding/configuration.ts';
import { ROLES } from '../../onboarding/user.ts';
import type { AddUserOrder } from '../../onboarding/user-cases.ts';
import { askPassword } from '../ask-password.ts';
import { print, say } from '../output.ts';

interface JsonOption {
  json?: true;
}

export function define(command: Command): void {
  command
    .command('add')
    .description('let somebody log in; asks for the password, or reads it from standard input')
    .argument('<name>', 'name of the user')
    .addOption(
      new Option('--role <role>', 'viewer looks, operator acts').choices([...ROLES]).makeOptionMandatory(),
    )
    .option('--json', 'print JSON')
    .action(add);
  command
    .command('passwd')
    .description('give a user another password; ends every session of that user')
    .argument('<name>', 'name of the user')
    .option('--json', 'print JSON')
    .action(passwd);
  command
    .command('remove')
    .description('let a user log in no more; ends every session of that user')
    .argument('<name>', 'name of the user')
    .option('--json', 'print JSON')
    .action(remove);
  command.command('list').description('list the users').option('--json', 'print JSON').action(list);
}

/** Loaded only here: hashing is of no use to other commands. */
async function openUsers() {
  const { UserCases } = await import('../../onboarding/user-cases.ts');
  return new UserCases(readConfiguration().settings.http.usersFile);
}

async function add(name: string, { role, json }: JsonOption & Pick<AddUserOrder, 'role'>): Promise<void> {
  const users = await openUsers();
  await users.assertNew(name);
  const user = await users.add({ name, role, password: await askPassword(name) });
  if (json) await print(JSON.stringify(user));
  else say(`${user.name} may log in as ${user.role}.`);
}

async function passwd(name: string, { json }: JsonOption): Promise<void> {
  const users = await openUsers();
  await users.assertKnown(name);
  const user = await users.setPassword({ name, password: await askPassword(name) });
  if (json) await print(JSON.stringify(user));
  else say(`${user.name} has another password; sessions of ${user.name} have ended.`);
}

async function remove(name: string, { json }: JsonOption): Promise<void> {
  const user = await (await openUsers()).remove(name);
  if (json) await print(JSON.stringify(user));
  else say(`${user.name} is removed; sessions of ${user.name} have ended.`);
}

async function list({ json }: JsonOption): Promise<void> {
  const all = await (await openUsers()).list();
  if (json) return print(JSON.stringify(all));
  if (all.length === 0) return say('There are no users.');
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, role, changed } of all)
    await print(`${name.padEnd(width)}  ${role.padEnd(8)}  password of ${changed.slice(0, 10)}`);
}
