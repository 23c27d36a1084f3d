/** How many instances of a channel are in which state: read from counts that the scripts keep, not from the instances. */
import { channelKeys } from '../keys.ts';
import { INSTANCE_STATES, type InstanceState, type StateFacts, stateOf } from './instance-state.ts';
import type { ChannelAccess } from './scripts.ts';

export type StateCounts = Record<InstanceState, number>;

/** Instances whose state nothing has decided about since there are counts are in none of them. */
export async function countStates({ redis, slug }: ChannelAccess): Promise<StateCounts> {
  const counts = Object.fromEntries(INSTANCE_STATES.map((state) => [state, 0])) as StateCounts;
  const standings = await redis.hgetall(channelKeys(slug).standings);
  for (const [standing, instances] of Object.entries(standings))
    counts[stateOf(factsOf(standing))] += Number(instances);
  return counts;
}

/** @param standing as base.lua makes it: what is wanted, then the names of those deciding fields that are there */
function factsOf(standing: string): StateFacts {
  const [wanted, ...present] = standing.split(' ');
  return {
    wanted: wanted as StateFacts['wanted'],
    ...(present.includes('readyAt') && { readyAt: 0 }),
    ...(present.includes('refusal') && { refusal: '' }),
    ...(present.includes('missing') && { missing: [] }),
    ...(present.includes('registering') && { registering: '' }),
  };
}
