/** `onboard koogallery usage …`: what is reported to the marketplace, and what people decide about it. */
import { type Command, Option } from 'commander';
import { AppError } from '../../errors.ts';
import type { UsageProblem } from '../../koogallery/usage/add-usage.ts';
import { meaningOf } from '../../koogallery/usage/record-codes.ts';
import { USAGE_STATES, type UsageRecord, type UsageState } from '../../koogallery/usage/usage-record.ts';
import { formatUsageTime } from '../../koogallery/usage/windows.ts';
import type { UsageCases } from '../../koogallery/usage-cases.ts';
import { plural } from '../../text.ts';
import { withOnboarding } from '../context.ts';
import { wholeNumber } from '../number.ts';
import { print, say, sayAndWait } from '../output.ts';
import { whoRuns } from '../who.ts';

const LISTED = 50;
const DECISIONS = ['billed', 'lost', 'abnormal'] as const;

const EXAMPLES = `
Columns of the file: metering_sn (yours, or none), instance_id (the pay-per-use instance), relate_pkg_instance,
product_id (old interface), record_time, begin_time, end_time (UTC: 20220809T080000Z), usage_value.

Examples:
  $ onboard koogallery usage add whatsapp-cn hour-08.csv
  $ onboard koogallery usage list whatsapp-cn --state abnormal
  $ onboard koogallery usage retry whatsapp-cn --code 013
  $ onboard koogallery usage settle whatsapp-cn ID --as abnormal --reason 013

A record that the marketplace has received may be billed whatever is decided here: it is settled as lost only after the
console has shown that it is abnormal.`;

export function defineUsage(koogallery: Command): void {
  const usage = koogallery
    .command('usage')
    .description('report usage, and decide about records that are not billed')
    .addHelpText('after', EXAMPLES);
  usage
    .command('add')
    .description('check a file of usage records and record them, to be sent by the workers')
    .argument('<channel>', 'slug of the channel')
    .argument('<file>', 'CSV, NDJSON or XLSX, or - for standard input')
    .option('--unknown-instances', 'take instances that were not bought through here')
    .option('--json', 'print JSON')
    .action(add);
  usage
    .command('list')
    .description('show how many records are in which state, and those that wait')
    .argument('<channel>', 'slug of the channel')
    .addOption(new Option('--state <state>', 'only these').choices(USAGE_STATES))
    .option('--limit <n>', 'records at most', wholeNumber(1, 10_000), LISTED)
    .option('--json', 'print JSON')
    .action(list);
  usage
    .command('settle')
    .description('record what was found out about a record, as the console of KooGallery shows it')
    .argument('<channel>', 'slug of the channel')
    .argument('<id>', 'of the record')
    .addOption(new Option('--as <outcome>', 'what it is').choices(DECISIONS).makeOptionMandatory())
    .option('--reason <text>', 'why; of an abnormal one, its code')
    .option('--json', 'print JSON')
    .action(settle);
  usage
    .command('retry')
    .description('report abnormal records again, each under a new number')
    .argument('<channel>', 'slug of the channel')
    .argument('[id]', 'of one record; by default all abnormal ones but those with code 005 or 010')
    .option('--code <code>', 'only those with this code')
    .option('--json', 'print JSON')
    .action(retry);
}

function withUsage<T>(channel: string, run: (usage: UsageCases) => Promise<T>): Promise<T> {
  return withOnboarding(async (onboarding) => {
    for (const warning of await onboarding.checkRedis()) say(`warning: ${warning}`);
    return run(await (await onboarding.koogallery()).usage(channel));
  });
}

async function add(
  channel: string,
  file: string,
  { unknownInstances, json }: { unknownInstances?: true; json?: true },
): Promise<void> {
  const { readUsageFile } = await import('../../koogallery/usage/read-usage-file.ts');
  const records = await readUsageFile(file === '-' ? { stream: process.stdin } : { path: file });
  const onInvalid = (problems: readonly UsageProblem[]) => sayAndWait(problems.map(renderProblem).join('\n'));
  const order = { records, by: whoRuns(), mayBeUnknown: unknownInstances === true, onInvalid };
  const { ids, ...added } = await withUsage(channel, (usage) => usage.add(order));
  if (json) return print(JSON.stringify({ channel, ...added, ids }));
  const late = added.late > 0 ? ` ${added.late} come late: they may not be billed.` : '';
  say(`Recorded ${plural(added.recorded, 'usage record')}; ${added.repeated} were recorded before.${late}`);
}

const renderProblem = ({ row, code, message }: UsageProblem) => `record ${row}: ${code}: ${message}`;

async function list(
  channel: string,
  { state, limit, json }: { state?: UsageState; limit: number; json?: true },
): Promise<void> {
  const found = await withUsage(channel, (usage) => usage.list({ state, limit }));
  if (json) return print(JSON.stringify({ channel, ...found }));
  const { counts, records, trouble } = found;
  say(USAGE_STATES.map((each) => `${each} ${counts[each]}`).join(', '));
  if (trouble !== undefined)
    say(
      `Nothing can be sent since ${new Date(trouble.since).toISOString()}: ${trouble.code}, ${trouble.message}`,
    );
  for (const record of records) await print(renderRecord(record));
}

function renderRecord(record: UsageRecord): string {
  const { id, state, instanceId, begin, end, value, code } = record;
  const span = `${formatUsageTime(begin)}–${formatUsageTime(end)}`;
  const meaning = meaningOf(record);
  const why = code === undefined ? [] : [meaning === undefined ? code : `${code} (${meaning})`];
  return [id, state, instanceId, span, value, ...why].join('  ');
}

async function settle(
  channel: string,
  id: string,
  { as, reason, json }: { as: (typeof DECISIONS)[number]; reason?: string; json?: true },
): Promise<void> {
  const record = await withUsage(channel, (usage) => usage.decide({ id, as, reason, by: whoRuns() }));
  if (json) await print(JSON.stringify(record));
  else say(`The record ${record.id} is ${as === 'abnormal' ? as : `settled as ${as}`}.`);
}

async function retry(
  channel: string,
  id: string | undefined,
  { code, json }: { code?: string; json?: true },
): Promise<void> {
  if (id !== undefined && code !== undefined)
    throw new AppError('USAGE', 'Name a record or --code, not both.');
  const by = whoRuns();
  const records = await withUsage(channel, async (usage) => {
    if (id === undefined) return usage.retryAll({ by, code });
    await usage.decide({ id, as: 'retry', by });
    return 1;
  });
  if (json) await print(JSON.stringify({ channel, records }));
  else say(`${plural(records, 'usage record')} will be reported again.`);
}
