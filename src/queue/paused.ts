/** Whether people have paused an account, read without the queue library: a command that only looks need not load it. */
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf } from '../redis/keys.ts';
import { queueName } from './names.ts';

/** BullMQ marks a paused queue in its hash `meta`. Both queues of an account are paused together. */
export async function isPaused(redis: RedisClient, account: string): Promise<boolean> {
  return (await redis.hexists(`${prefixOf(account)}:${queueName('upload', account)}:meta`, 'paused')) === 1;
}
