import { type Command, Option } from 'commander';
import { AppError } from '../../errors.ts';
import { GENERATIONS, type Generation } from '../../koogallery/protocol/intent.ts';
import { processEnvironment } from '../../onboarding/environment.ts';
import { LIVE_ORDER_PREFIX, liveOrderCount, probeLive } from '../../sandbox/koogallery/live-probe.ts';
import { MESSAGES } from '../../sandbox/koogallery/messages.ts';
import { type ProbeOptions, probe, REPEAT_DEFAULT } from '../../sandbox/koogallery/probe.ts';
import { plural } from '../../text.ts';
import { confirm } from '../confirm.ts';
import { EXIT } from '../exit.ts';
import { atInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';
import { printProbe } from '../probe-view.ts';

interface ProbeCommandOptions {
  generation: Generation;
  keyEnv: string;
  kitKeyEnv?: string;
  previousKeyEnv?: string;
  only?: string;
  repeat: number;
  shuffle?: number;
  live?: true;
  wait: number;
  yes?: true;
  json?: true;
}

const SEED_MAX = 4_294_967_295;
/** How often a live probe asks whether an instance is ready. */
const POLL_MS = 60_000;
const POLLS = 60;

export function defineProbe(command: Command): void {
  command
    .description(
      "check any seller's endpoint as the marketplace's debugger does; touches nothing without --live",
    )
    .argument('<url>', 'production URL, as it is registered with the marketplace')
    .addOption(
      new Option('--generation <name>', 'protocol of the product').choices(GENERATIONS).makeOptionMandatory(),
    )
    .requiredOption('--key-env <name>', 'variable of the environment that holds the key')
    .option('--kit-key-env <name>', 'variable with the key of joint operation, which is probed only then')
    .option('--previous-key-env <name>', 'variable with a key that is still accepted')
    .option('--only <activity>', 'only this activity, such as newInstance')
    .option('--repeat <n>', 'how often each call is sent again', wholeNumber(0, 20), REPEAT_DEFAULT)
    .option('--shuffle <seed>', 'another order of calls; the same seed repeats it', wholeNumber(0, SEED_MAX))
    .option('--live', 'send orders that look real: the seller will create, change and release instances')
    .option('--wait <minutes>', 'with --live: how long an instance may take', wholeNumber(1, 60), 5)
    .option('--yes', 'with --live: do not ask')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard koogallery probe https://shop.example.com/saas --generation saas-v2 --key-env KOO_KEY\n\nExit code 4: at least one check failed. Warnings alone do not fail.',
    )
    .action(runProbe);
}

async function runProbe(url: string, given: ProbeCommandOptions): Promise<void> {
  const options = optionsOf(url, given);
  if (given.live) await announceLive(options, given);
  else say(`Probing ${options.endpoint.href} with debug calls (testFlag=1), which touch nothing real.`);
  const report = given.live ? await probeLive(options) : await probe(options);
  if (given.json) await print(JSON.stringify(report));
  else await printProbe(report);
  if (!report.hasPassed) process.exitCode = EXIT.rowsFailed;
}

/** @throws AppError USAGE if something that was typed cannot be used */
function optionsOf(url: string, given: ProbeCommandOptions): ProbeOptions {
  const { generation, only, repeat, shuffle, wait, live } = given;
  const activities = Object.values(MESSAGES[generation]).map(({ activity }) => activity);
  if (only !== undefined && !activities.includes(only))
    throw new AppError('USAGE', `--only: ${generation} has ${[...new Set(activities)].join(', ')}.`);
  if (only !== undefined && live)
    throw new AppError('USAGE', '--only: a whole life is sent with --live; leave one of them out.');
  const keyOf = (option: string, name: string | undefined) =>
    name === undefined ? undefined : readKey(option, name);
  return {
    ...{ endpoint: readEndpoint(url), generation, only, repeat, shuffle },
    keys: {
      current: readKey('--key-env', given.keyEnv),
      previous: keyOf('--previous-key-env', given.previousKeyEnv),
      kit: keyOf('--kit-key-env', given.kitKeyEnv),
    },
    timeScale: wait / ((POLL_MS * POLLS) / 60_000),
  };
}

function readKey(option: string, name: string): string {
  const key = processEnvironment()[name];
  if (key === undefined || key === '')
    throw new AppError('USAGE', `${option}: there is no ${name} in the environment.`);
  return key;
}

function readEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new AppError('USAGE', 'The URL must begin with https:// (or http:// for a server under test).');
  // The marketplace writes its own query, and all of it is signed.
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new AppError('USAGE', 'The URL must have no query, no fragment, no user and no password.');
  return url;
}

async function announceLive(options: ProbeOptions, { yes }: ProbeCommandOptions): Promise<void> {
  const orders = plural(liveOrderCount(options), 'order');
  const what = `LIVE: ${options.endpoint.href} will take ${orders} for real (ids beginning with ${LIVE_ORDER_PREFIX}): it creates, renews, freezes, upgrades and releases instances.`;
  if (!yes) await confirm(what, 'live');
  else say(what);
  atInterrupt(
    () => `Interrupted. Instances of orders beginning with ${LIVE_ORDER_PREFIX} may be left at the seller.`,
  );
}
