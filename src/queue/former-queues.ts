import { Cluster } from 'ioredis';
import type { RedisClient } from '../redis/connect.ts';
import { formerKeys } from '../redis/keys.ts';

/** What version 0.1 called its queues, before the account. */
export const FORMER_QUEUES = ['upload', 'submit', 'retry'];

const SCAN_COUNT = 1_000;

/** Deletes the queues of version 0.1 with their jobs; none of its workers may live. @param account its plain name */
export async function dropFormerQueues(redis: RedisClient, account: string): Promise<void> {
  const { prefix } = formerKeys(account);
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  for (const node of nodes)
    for (const queue of FORMER_QUEUES) {
      const match = `${prefix}:${queue}.${account}:*`;
      for await (const keys of node.scanStream({ match, count: SCAN_COUNT }))
        if (Array.isArray(keys) && keys.length > 0) await node.unlink(...keys.map(String));
    }
}
