/** Alerts of several processes, in this one, with quick times, on a Redis of their own: the queue is one for all of a Redis. */
import { onTestFinished } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import type { Alerts } from '../../src/notify/alerts.ts';
import type { AlertTiming } from '../../src/notify/look-at-account.ts';
import { startAlerts } from '../../src/onboarding/open-alerts.ts';
import { startRedisServer } from '../../src/sandbox/local-redis.ts';
import type { ReceiverServer } from './receiver.ts';
import { createWorld, type World } from './world.ts';

export const QUICK: AlertTiming = {
  everyMs: 50,
  outageMs: 100,
  absentMs: 100,
  awayMs: 300,
  // On a loaded machine a Redis may well answer a second late, and each process tells that.
  unreachableMs: 30_000,
};

/** A world with a Redis that no other test uses. */
export async function createWorldApart(): Promise<World & { stopRedis: () => Promise<void> }> {
  const { url, stop } = await startRedisServer('redis-server');
  onTestFinished(stop);
  return { ...(await createWorld({ redisUrl: url })), stopRedis: stop };
}

/** @returns one for each process that there would be */
export function startAlertsOf(
  world: World,
  { origin }: ReceiverServer,
  { processes = 1, timing = QUICK }: { processes?: number; timing?: Partial<AlertTiming> } = {},
): Alerts[] {
  const alerts = [{ type: 'webhook' as const, url: `${origin}/`, language: 'en' as const }];
  const settings = { ...world.settings, alerts };
  return Array.from({ length: processes }, () => {
    const logger = createLogger('silent');
    const started = startAlerts({ settings, environment: {}, logger, timing, retryMs: 50 });
    if (started === undefined) throw new Error('There is a receiver.');
    onTestFinished(() => started.stop());
    return started;
  });
}
