import { type Command, Option } from 'commander';
import type { AdoptOrder } from '../../batch/adopt.ts';
import { PEER_KINDS } from '../../redis/keys.ts';
import { plural } from '../../text.ts';
import { confirm } from '../confirm.ts';
import { withRedis } from '../context.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

interface ConfirmOptions {
  yes?: true;
  json?: true;
}

type AdoptOptions = ConfirmOptions & Pick<AdoptOrder, 'as' | 'samePeer'>;

export function define(command: Command): void {
  command
    .command('adopt')
    .description('say that an account has a new peer, or which one the data of version 0.1 is about')
    .argument('<name>', 'name of the account')
    .option('--same-peer', 'the endpoint is only another door of the same peer: nothing is sent again')
    .addOption(new Option('--as <kind>', 'what version 0.1 sent to').choices([...PEER_KINDS]))
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard account adopt default --same-peer\n  $ onboard account adopt default --as real',
    )
    .action(adopt);
  command
    .command('release-key')
    .description('let another name have the access key of an account that is no longer in use')
    .argument('<name>', 'name of the account; it need not be configured any more')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(releaseKey);
  command
    .command('recover')
    .description('go on after a backup of Redis was put back: rows that may have been sent since are marked')
    .argument('<name>', 'name of the account')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .action(recover);
}

async function recover(name: string, { yes, json }: ConfirmOptions): Promise<void> {
  const recovered = await withRedis(async (onboarding) => {
    if (!yes)
      await confirm(
        `Every row of ${name} that is not submitted is marked as possibly sent. Whom Redis does not know is taken for unsent.`,
        name,
      );
    return onboarding.recoverAccount({ account: name, by: whoRuns() });
  });
  if (json) return print(JSON.stringify(recovered));
  const { batches, rows, isPaused, lostUntil } = recovered;
  const state = isPaused ? 'is recovered, and stays paused until you resume it' : 'goes on';
  const marked = `${plural(rows, 'row')} in ${plural(batches, 'batch', 'batches')} may have been sent, and say so`;
  say(`Account ${name} ${state}: ${marked}.`);
  const lost =
    lostUntil === undefined
      ? 'Imports made after the backup are not on record'
      : `If Redis was lost, customers who were submitted until ${new Date(lostUntil).toISOString()} are not on record, and are sent again, unflagged`;
  say(
    `${lost}: before you import such a file again, take out those whom its results or the logs (row_submitted) name.`,
  );
}

async function adopt(name: string, { yes, json, ...options }: AdoptOptions): Promise<void> {
  const order = { account: name, by: whoRuns(), ...options };
  const { peer, hosts, generation } = await withRedis(async (onboarding) => {
    if (!yes) await confirm(`${describe(name, options)}.`, name);
    return onboarding.adoptAccount(order);
  });
  if (json) await print(JSON.stringify({ account: name, peer, hosts, generation }));
  const where = hosts.length > 0 ? hosts.join(' and ') : 'the first host that comes';
  say(`Account ${name} (${peer}) is about ${where}, generation ${generation}.`);
}

function describe(name: string, { samePeer, as }: Pick<AdoptOptions, 'as' | 'samePeer'>): string {
  if (samePeer) return `The configured endpoint of ${name} becomes another door of the same peer`;
  if (as !== undefined) return `The data of version 0.1 of ${name} is taken for ${as}`;
  return `Account ${name} gets a new peer: customers who were submitted to the one before are sent again when they are imported`;
}

async function releaseKey(name: string, { yes, json }: ConfirmOptions): Promise<void> {
  await withRedis(async (onboarding) => {
    if (!yes) await confirm(`Another account may have the access key of ${name}.`, name);
    await onboarding.releaseKeys({ account: name, by: whoRuns() });
  });
  if (json) await print(JSON.stringify({ account: name }));
  else say(`The access key of account ${name} is free.`);
}
