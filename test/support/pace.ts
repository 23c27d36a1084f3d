/** A pace that is under way: nothing was sent for long, so the next slot is due at once. */
import type { RedisClient } from '../../src/redis/connect.ts';
import { accountKeys, type StepName } from '../../src/redis/keys.ts';

export interface UnderWay {
  account: string;
  rate: number;
  intervalMs: number;
}

/** Otherwise the first slot of an account is due after a full window. */
export async function seedPace(
  redis: RedisClient,
  step: StepName,
  { account, rate, intervalMs }: UnderWay,
): Promise<void> {
  const settled = intervalMs * 1_000;
  await redis.hset(accountKeys(account).pace(step), {
    last: 1,
    until: 1,
    settled,
    surge: 0,
    surgeHeld: 0,
    streak: 0,
    streakBase: settled,
    refusals: 0,
    lastThrottle: 0,
    quietSince: 1,
    version: 0,
    rate,
  });
}
