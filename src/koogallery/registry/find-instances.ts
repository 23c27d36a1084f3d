/** The instances that somebody means who has only a number in hand. */
import { channelKeys } from '../keys.ts';
import type { Instance } from './instance-record.ts';
import { readInstances } from './read-instance.ts';
import type { ChannelAccess } from './scripts.ts';

/** An order has few lines, each with its instance. */
const FOUND_MAX = 100;

/** @param named id of an instance, or of an order, in full. The newest first. */
export async function findInstances(channel: ChannelAccess, named: string): Promise<Instance[]> {
  const { byOrder } = channelKeys(channel.slug);
  // The members of an order are those that go on with a space; `!` comes next after it.
  const members = await channel.redis.zrangebylex(byOrder, `[${named} `, `(${named}!`, 'LIMIT', 0, FOUND_MAX);
  const ids = new Set([named, ...members.map((member) => member.slice(named.length + 1))]);
  const found = (await readInstances(channel, [...ids])).filter((each) => each !== undefined);
  return found.sort((a, b) => b.createdAt - a.createdAt);
}
