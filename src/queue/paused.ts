/** Whether an account's queues are paused, read without the queue library: read-only commands need not load it. */
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf, type StepName } from '../redis/keys.ts';
import { queueName } from './names.ts';

/** BullMQ marks a paused queue in this hash. */
export function metaKey(account: string, step: StepName): string {
  return `${prefixOf(account)}:${queueName(step, account)}:meta`;
}

/**
 * If a dashboard paused the queue, or an earlier version paused the account, BullMQ's mark is the only record. Any other
 * pause is also kept by `pace/pause.ts`.
 */
export async function isPaused(redis: RedisClient, account: string): Promise<boolean> {
  return (await redis.hexists(metaKey(account, 'upload'), 'paused')) === 1;
}
