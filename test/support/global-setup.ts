/** One Redis for the whole run; each test works in an account of its own. */
import type { TestProject } from 'vitest/node';
import { ensureBuilt } from '../../scripts/ensure-built.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { assertSuitableRedis } from '../../src/redis/suitability.ts';
import { findProgram, pickRedis } from '../../src/sandbox/local-redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
    isRealRedis: boolean;
    /** Whether it keeps what it confirms; tests accept one that does not. */
    isDurableRedis: boolean;
    /** Tests that stop and misconfigure a server start one of their own. */
    hasRedisServer: boolean;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureBuilt();
  const redis = await pickRedis();
  process.stderr.write(`Redis for the tests: ${redis.description}.\n`);
  project.provide('redisUrl', redis.url);
  project.provide('isRealRedis', redis.isReal);
  project.provide('isDurableRedis', await isDurable(redis.url));
  project.provide('hasRedisServer', findProgram(['redis-server']) !== undefined);
  return redis.stop;
}

async function isDurable(url: string): Promise<boolean> {
  const client = connectRedis(url, { waitsForever: false });
  try {
    return (await assertSuitableRedis(client)).mayForget === undefined;
  } finally {
    client.disconnect();
  }
}
