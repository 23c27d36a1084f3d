import { channelKeys } from '../keys.ts';
import { type Instance, parseInstance } from './instance-record.ts';
import type { ChannelAccess } from './scripts.ts';
import { parseTask, type Task } from './task-record.ts';

/** @returns undefined if it was never seen */
export async function readInstance(
  { redis, slug }: ChannelAccess,
  id: string,
): Promise<Instance | undefined> {
  return parseInstance(await redis.hgetall(channelKeys(slug).instance(id)));
}

/** Several at once, in the order of their ids. */
export function readInstances(
  channel: ChannelAccess,
  ids: readonly string[],
): Promise<(Instance | undefined)[]> {
  return Promise.all(ids.map((id) => readInstance(channel, id)));
}

/** Everything that was asked for an instance, the oldest first. */
export async function readTasks({ redis, slug }: ChannelAccess, id: string): Promise<Task[]> {
  const tasks = await redis.hvals(channelKeys(slug).tasks(id));
  return tasks.map(parseTask).sort((a, b) => a.version - b.version);
}

/** @param orderKey as `dedupeKeyOf` makes it of a create @returns the id of its instance; undefined if it has led to none */
export async function findByOrder(
  { redis, slug }: ChannelAccess,
  orderKey: string,
): Promise<string | undefined> {
  return (await redis.hget(channelKeys(slug).orders, orderKey)) ?? undefined;
}
