/** Whether the queues of an account are paused, read without the queue library: a command that only looks need not load it. */
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf, type StepName } from '../redis/keys.ts';
import { queueName } from './names.ts';

/** BullMQ marks a paused queue in this hash. */
export function metaKey(account: string, step: StepName): string {
  return `${prefixOf(account)}:${queueName(step, account)}:meta`;
}

/**
 * BullMQ's mark is all there is where a dashboard paused the queue, or a version before this one the account; what a
 * person decided since is kept by `pace/pause.ts`.
 */
export async function isPaused(redis: RedisClient, account: string): Promise<boolean> {
  return (await redis.hexists(metaKey(account, 'upload'), 'paused')) === 1;
}
