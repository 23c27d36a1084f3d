/** A peer that stops answering, and what follows: for tests that cannot wait for the usual times. */
import { expect } from 'vitest';
import type { OutageTiming } from '../../src/pace/outage.ts';
import type { Operation } from '../../src/pace/outage-operations.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import type { FaultRuleInput } from '../../src/sandbox/simulator/faults.ts';
import type { World } from './world.ts';

/** A twentieth of the usual times. */
export const TIMING: OutageTiming = { firstMs: 100, longestMs: 1_500, sameWithinMs: 60_000, asideMs: 3_000 };

export const unavailable = (operation: Operation): FaultRuleInput => ({
  operation,
  kind: 'error',
  code: 'InternalError',
  status: 503,
});

/** Waits until probes have found this many times that it is not over. */
export async function waitForProbes(world: World, operation: Operation, probes: number): Promise<void> {
  const { outage } = accountKeys(world.account.ledger);
  await expect
    .poll(
      async () => {
        const [stored, distance] = await world.redis.hmget(outage, 'operation', 'distance');
        return stored === operation && Number(distance) >= TIMING.firstMs * 2 ** probes;
      },
      { timeout: 40_000, interval: 10 },
    )
    .toBe(true);
}
