/** What BullMQ keeps of a paused queue, without the queue library: read-only commands need not load it. */
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf, STEPS } from '../redis/keys.ts';
import { queueName } from './names.ts';

/** Of each queue: the hash in which it marks that it is paused, and the key at which its workers wait. */
export function queueKeys(account: string): { mark: string; wake: string }[] {
  return STEPS.map((step) => {
    const queue = `${prefixOf(account)}:${queueName(step, account)}`;
    return { mark: `${queue}:meta`, wake: `${queue}:marker` };
  });
}

/** Whether BullMQ has paused a queue: if `pace/pause.ts` knows of no pause, another program did. */
export async function isPaused(redis: RedisClient, account: string): Promise<boolean> {
  const marks = await Promise.all(queueKeys(account).map(({ mark }) => redis.hexists(mark, 'paused')));
  return marks.includes(1);
}
