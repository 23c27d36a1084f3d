import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { type QueueName, queueName } from './names.ts';

const resultSchema = z.object({ missing: z.array(z.string()) });

export const missingJobsScript = defineScript(new URL('./missing-jobs.lua', import.meta.url), {
  decode: resultSchema.parse,
});

export interface QueueAccess {
  redis: RedisClient;
  account: string;
  queue: QueueName;
}

/** Returns the jobs that are gone or finished, so that nothing will run them. All are checked in one atomic step. */
export async function findMissingJobs(
  { redis, account, queue }: QueueAccess,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const keys = ['prioritized', 'delayed', 'wait', 'active'].map(
    (state) => `${prefixOf(account)}:${queueName(queue, account)}:${state}`,
  );
  const { missing } = await missingJobsScript.run(redis, keys, ids);
  return new Set(missing);
}
