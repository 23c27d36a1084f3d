/** Which queues have workers that live, by the names of their connections: as BullMQ's `getWorkers`, for many at once. */
import { Cluster } from 'ioredis';
import type { RedisClient } from '../redis/connect.ts';
import { ledgerNameOf, prefixOf, STEPS } from '../redis/keys.ts';
import { FORMER_QUEUES } from './former-queues.ts';
import { type QueueName, queueName } from './names.ts';

const QUEUES: readonly QueueName[] = [...STEPS, 'redrive'];

/** Names of all connections of a Redis; none where it does not disclose them. */
export type ConnectionNames = readonly string[];

export async function listConnections(redis: RedisClient): Promise<ConnectionNames> {
  const nodes = redis instanceof Cluster ? redis.nodes() : [redis];
  const lists = await Promise.all(nodes.map((node) => node.client('LIST').catch(() => '')));
  return lists.flatMap((list) => Array.from(String(list).matchAll(/ name=(\S+)/g), ([, name = '']) => name));
}

/** Whether a ledger has workers. */
export function hasWorkers(connections: ConnectionNames, account: string): boolean {
  const queues = QUEUES.map((queue) => queueName(queue, account));
  return hasWorkersOn(connections, prefixOf(account), queues);
}

/** Whether version 0.1 has workers for an account, given by its plain name. */
export function hasWorkersOfBefore(connections: ConnectionNames, account: string): boolean {
  const queues = FORMER_QUEUES.map((queue) => `${queue}.${account}`);
  return hasWorkersOn(connections, prefixOf(ledgerNameOf('real', account)), queues);
}

function hasWorkersOn(connections: ConnectionNames, prefix: string, queues: readonly string[]): boolean {
  const names = queues.map((queue) => `${prefix}:${Buffer.from(queue).toString('base64')}`);
  return connections.some((name) => names.some((known) => name === known || name.startsWith(`${known}:w:`)));
}
