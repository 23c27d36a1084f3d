/** Whether the registry has exactly what the marketplace was told that it has. */
import { channelKeys } from '../../src/koogallery/keys.ts';
import { readInstance, readTasks } from '../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../src/koogallery/registry/scripts.ts';
import type { CalledOrder } from './koogallery-orders.ts';

export interface Kept {
  /** Orders without their instance, and changes without their task. */
  lost: number;
  /** Orders with more than one instance, and tasks that nobody asked for, or in another order. */
  doubled: number;
  /** Tasks in the registry. */
  tasks: number;
  instances: number;
  /** In words, the first few: what is not as it was acknowledged. */
  faults: string[];
}

const FAULTS_MAX = 10;

/** Everything was acknowledged. */
export async function compareKept(access: ChannelAccess, orders: readonly CalledOrder[]): Promise<Kept> {
  const keys = channelKeys(access.slug);
  const [byOrder, instances, due] = await Promise.all([
    access.redis.hgetall(keys.orders),
    access.redis.zrange(keys.instances, '0', '-1'),
    access.redis.zrange(keys.due, '0', '-1'),
  ]);
  const kept: Kept = { lost: 0, doubled: 0, tasks: 0, instances: instances.length, faults: [] };
  kept.doubled += Math.max(0, instances.length - orders.length);
  const isDue = new Set(due);
  for (const { orderId, ids, acknowledged } of orders) {
    const id = byOrder[`create:${orderId}:${orderId}-000001`];
    const told = [...ids];
    if (id === undefined || (await readInstance(access, id)) === undefined) kept.lost += 1;
    if (told.length !== 1 || told[0] !== id) kept.doubled += 1;
    const tasks = id === undefined ? [] : await readTasks(access, id);
    const types = tasks.map(({ type }) => type);
    // Whoever works looks for it there.
    if (id !== undefined && tasks.some(({ state }) => state === 'due') && !isDue.has(id)) kept.lost += 1;
    kept.tasks += types.length;
    kept.lost += Math.max(0, acknowledged.length - types.length);
    kept.doubled += Math.max(0, types.length - acknowledged.length);
    if (types.join() === acknowledged.join()) continue;
    if (types.length === acknowledged.length) kept.doubled += 1;
    kept.faults.push(`${orderId} (${id}, told ${told}): ${types.join()} instead of ${acknowledged.join()}`);
  }
  return { ...kept, faults: kept.faults.slice(0, FAULTS_MAX) };
}
