/** `onboard koogallery instances`, `instance`, `retry` and `calls`: what became of the calls of a channel. */
import { type Command, Option } from 'commander';
import { AppError } from '../../errors.ts';
import type { FormState } from '../../koogallery/form/form-view.ts';
import { viewInstance, viewTask } from '../../koogallery/instance-view.ts';
import { INSTANCE_STATES, type InstanceState } from '../../koogallery/registry/instance-state.ts';
import { plural } from '../../text.ts';
import { withOnboarding } from '../context.ts';
import { renderCalls, renderInstances, renderStory } from '../instances-view.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

const LIMIT = 50;
const LIMIT_MAX = 100_000;
const CHANNEL = ['<channel>', 'slug of the channel'] as const;

const FORM_WORDS: Record<FormState, string> = {
  preparing: 'not open yet: a worker has to look at the order first',
  open: 'open',
  paused: 'closed while the instance is frozen',
  received: 'filled in; the customer is being registered',
  registered: 'closed, and leads on: the customer is registered',
  failed: 'closed: the create was refused',
  ended: 'closed: the instance was released',
};

export function defineInstances(koogallery: Command): void {
  koogallery
    .command('instances')
    .description('list the instances of a channel, the newest first')
    .argument(...CHANNEL)
    .addOption(new Option('--state <state>', 'only those').choices([...INSTANCE_STATES]))
    .option('--refused', 'only those with tasks that were refused for good')
    .option('--limit <n>', 'at most this many', wholeNumber(1, LIMIT_MAX), LIMIT)
    .option('--json', 'print each as one line of JSON')
    .action(listInstances);
  koogallery
    .command('instance')
    .description('show all that was asked for an instance, and what became of it')
    .argument(...CHANNEL)
    .argument('<instance>', 'its id')
    .option('--json', 'print JSON')
    .action(showInstance);
  koogallery
    .command('form')
    .description('print the link to the form of an instance, on which its buyer tells what is missing')
    .argument(...CHANNEL)
    .argument('<instance>', 'its id')
    .option('--json', 'print JSON')
    .action(showForm);
  koogallery
    .command('retry')
    .description('bring refused tasks back; what waits for its next attempt begins at once')
    .argument(...CHANNEL)
    .argument('[instance]', 'only those of one instance')
    .option('--all-refused', 'those of every instance')
    .option('--json', 'print JSON')
    .action(retry);
  koogallery
    .command('calls')
    .description('list the calls of the marketplace, the newest first; they are kept for 90 days')
    .argument(...CHANNEL)
    .option('--failed', 'only those that were answered with an error')
    .option('--activity <name>', 'only those, such as newInstance')
    .addOption(new Option('--unverified', 'those without a valid signature').conflicts('activity'))
    .option('--limit <n>', 'at most this many', wholeNumber(1, LIMIT_MAX), LIMIT)
    .option('--json', 'print each as one line of JSON')
    .action(listCalls);
}

interface ListOptions {
  limit: number;
  json?: true;
}

async function listInstances(
  channel: string,
  { state, refused, limit, json }: ListOptions & { state?: InstanceState; refused?: true },
): Promise<void> {
  await withOnboarding(async (onboarding) => {
    const koogallery = await onboarding.koogallery();
    const read = async (left: number, cursor?: string) => {
      const page = await koogallery.instances(channel, { limit: left, cursor, state, isRefused: refused });
      return { items: page.instances.map((each) => viewInstance(channel, each)), cursor: page.cursor };
    };
    const instances = await readPages(limit, read);
    if (json) return printLines(instances);
    if (instances.length > 0) await print(renderInstances(instances));
    say(`${plural(instances.length, 'instance')} of ${channel}`);
  });
}

async function showInstance(channel: string, id: string, { json }: { json?: true }): Promise<void> {
  await withOnboarding(async (onboarding) => {
    const story = await (await onboarding.koogallery()).instance(channel, id);
    const [instance, tasks] = [viewInstance(channel, story.instance), story.tasks.map(viewTask)];
    await print(json ? JSON.stringify({ ...instance, tasks }) : renderStory(instance, tasks));
  });
}

async function showForm(channel: string, id: string, { json }: { json?: true }): Promise<void> {
  await withOnboarding(async (onboarding) => {
    const { link, view } = await (await onboarding.koogallery()).form(channel, id);
    const { state, asked } = view;
    if (json) return print(JSON.stringify({ link, state, asked }));
    await print(link);
    say(`It is ${FORM_WORDS[state]}${asked.length > 0 ? `, for ${asked.join(', ')}` : ''}.`);
  });
}

async function retry(
  channel: string,
  id: string | undefined,
  { allRefused = false, json }: { allRefused?: boolean; json?: true },
): Promise<void> {
  if ((id !== undefined) === allRefused)
    throw new AppError('USAGE', 'Name an instance, or say --all-refused.');
  await withOnboarding(async (onboarding) => {
    const koogallery = await onboarding.koogallery();
    const by = whoRuns();
    const all =
      id === undefined
        ? await koogallery.retryRefused(channel, { by })
        : [{ id, ...(await koogallery.retry(channel, { id, by })) }];
    if (json) return printLines(all);
    const count = (name: 'retried' | 'superseded' | 'hastened') =>
      all.reduce((sum, each) => sum + each[name].length, 0);
    say(
      `${plural(count('retried'), 'refused task')} brought back, ${count('hastened')} waiting begun at once, ` +
        `${count('superseded')} withdrawn because a later task decides instead`,
    );
  });
}

async function listCalls(
  channel: string,
  {
    failed,
    activity,
    unverified,
    limit,
    json,
  }: ListOptions & { failed?: true; activity?: string; unverified?: true },
): Promise<void> {
  await withOnboarding(async (onboarding) => {
    const koogallery = await onboarding.koogallery();
    const read = async (left: number, cursor?: string) => {
      const order = { limit: left, cursor, isFailed: failed, activity, isUnverified: unverified };
      const page = await koogallery.calls(channel, order);
      return { items: page.calls, cursor: page.cursor };
    };
    const calls = await readPages(limit, read);
    if (json) return printLines(calls);
    if (calls.length > 0) await print(renderCalls(calls));
    say(`${plural(calls.length, 'call')} of ${channel}`);
  });
}

type ReadPage<Item> = (
  limit: number,
  cursor?: string,
) => Promise<{ items: Item[]; cursor: string | undefined }>;

async function readPages<Item>(limit: number, read: ReadPage<Item>): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(limit - all.length, cursor);
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && all.length < limit);
  return all;
}

async function printLines(items: readonly object[]): Promise<void> {
  for (const item of items) await print(JSON.stringify(item));
}
