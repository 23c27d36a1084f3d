/** What the indexes and counts of a channel must say, made from its hashes alone. */
import { expect } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { countStates } from '../../../src/koogallery/registry/count-states.ts';
import type { Instance } from '../../../src/koogallery/registry/instance-record.ts';
import { INSTANCE_STATES } from '../../../src/koogallery/registry/instance-state.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import type { Task } from '../../../src/koogallery/registry/task-record.ts';

type Seen = Instance & { tasks: Task[] };

async function readAll(channel: ChannelAccess, ids: readonly string[]): Promise<Seen[]> {
  const all = await Promise.all(
    ids.map(async (id) => {
      const [instance, tasks] = await Promise.all([readInstance(channel, id), readTasks(channel, id)]);
      return instance && { ...instance, tasks };
    }),
  );
  return all.filter((each) => each !== undefined);
}

const dueOf = ({ tasks }: Seen) => tasks.filter(({ state }) => state === 'due');
const isOpening = (each: Seen) =>
  each.wanted !== 'released' && dueOf(each).some(({ type }) => type === 'instance.create');
const idsOf = (all: readonly Seen[]) => all.map(({ id }) => id).sort();

/** @param ids all that may exist; what was pruned is in no index, and has no task */
export async function expectSameIndexes(channel: ChannelAccess, ids: readonly string[]): Promise<void> {
  const keys = channelKeys(channel.slug);
  const members = async (key: string) => (await channel.redis.zrange(key, '0', '-1')).sort();
  const all = await readAll(channel, ids);
  const kept = all.filter(({ tasks }) => tasks.length > 0);
  const instances = kept.filter(({ kind }) => kind !== 'order');
  const openings = kept.filter(isOpening);
  const refused = kept.flatMap(({ id, tasks }) =>
    tasks.filter(({ state }) => state === 'refused').map(({ version }) => `${id}/${version}`),
  );
  const states = INSTANCE_STATES.map((state) => [
    state,
    instances.filter((each) => each.state === state).length,
  ]);
  expect({
    instances: await members(keys.instances),
    states: Object.entries(await countStates(channel)),
    byOrder: await members(keys.byOrder),
    opening: await members(keys.opening),
    waiting: await members(keys.waiting),
    due: await members(keys.due),
    refused: await members(keys.refused),
    ended: await members(keys.ended),
    refusals: all.map((each) => each.refused),
    working: openings.filter(({ wanted }) => wanted === 'active').map(({ state }) => state),
  }).toEqual({
    instances: idsOf(instances),
    states,
    byOrder: kept.flatMap(({ id, orderId }) => (orderId ? [`${orderId} ${id}`] : [])).sort(),
    opening: idsOf(openings.filter(({ missing }) => missing === undefined)),
    waiting: idsOf(openings.filter(({ missing }) => missing !== undefined)),
    due: idsOf(kept.filter((each) => dueOf(each).length > 0)),
    refused: refused.sort(),
    ended: idsOf(kept.filter(({ kind, wanted }) => kind === 'order' || wanted === 'released')),
    refusals: all.map((each) => each.tasks.filter(({ state }) => state === 'refused').length),
    working: openings
      .filter(({ wanted }) => wanted === 'active')
      .map(({ missing }) => (missing === undefined ? 'opening' : 'waiting')),
  });
}
