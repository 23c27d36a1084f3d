/** No row fails because it could not be sent. */
import { describe, expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { TIMING, waitForProbes } from '../support/outages.ts';
import { importRows } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };

describe('a call that could not be sent', () => {
  it('costs even a single row nothing, and counts as an outage', async () => {
    const world = await createWorld(FAST);
    await world.simulator.refuse('chatApp');
    await runWorkers(world, { outageTiming: TIMING });
    const batchId = await importRows(world, makeCustomers(1));
    await waitForProbes(world, 'authorize', 2);
    // The probe is counted a moment before its row steps back.
    await expect
      .poll(() => rowsOf(world, batchId))
      .toMatchObject([{ record: { outcome: 'pending', attempts: 0, tries: 0, ambiguous: 0 } }]);
    await world.simulator.listen('chatApp');
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(1);
  });
});

/** In milliseconds; long enough for a busy machine to make every call within it. */
const DEADLINE_MS = 10_000;
const deadlineHours = DEADLINE_MS / 3_600_000;

describe('the deadline', () => {
  it('stops while the breaker is open', async () => {
    const refusal = { operation: 'authorize', kind: 'error', code: 'Product.Unsubscript' } as const;
    const world = await createWorld({
      ...FAST,
      faults: [refusal],
      environment: { ONBOARD_PROBE_SECONDS: '3' },
    });
    Object.assign(world.settings, { deadlineHours });
    await runWorkers(world);
    const batchId = await importRows(world, makeCustomers(4));
    await waitForPeer(world, ({ arrivals }) => {
      const [first, last] = [arrivals[0], arrivals.at(-1)];
      return first !== undefined && last !== undefined && last.at - first.at > DEADLINE_MS;
    });
    world.simulator.state.faults.replace([]);
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 4, failed: 0 });
  });

  it('starts with the first run of a row, so a batch may take longer', async () => {
    const world = await createWorld({ rate: 5, ourRate: 5 });
    Object.assign(world.settings, { deadlineHours });
    await runWorkers(world);
    // Longer than the deadline by half.
    const batchId = await importRows(world, makeCustomers(75));
    expect((await waitForBatch(world, batchId, ({ state }) => state === 'finished')).counts.failed).toBe(0);
  });
});
