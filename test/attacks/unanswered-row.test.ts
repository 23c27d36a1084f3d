/** One row that the peer never answers is not an outage: it fails, and the others continue. */
import { describe, expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { TIMING, unavailable } from '../support/outages.ts';
import { importRows } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };

describe('a row that the peer never answers', () => {
  it('fails after its tries while the others are submitted', async () => {
    const world = await createWorld({ ...FAST, faults: [{ ...unavailable('submit'), match: '^C100007$' }] });
    await runWorkers(world, { outageTiming: TIMING });
    const batchId = await importRows(world, makeCustomers(40));
    const batch = await waitUntilFinished(world, batchId);
    expect(batch.counts).toMatchObject({ submitted: 39, failed: 1 });
    expect(batch.parked).toBe(1);
    expect(await world.open.outage.read()).toBeUndefined();
  });

  it('fails if it is the only one', async () => {
    const world = await createWorld({ ...FAST, faults: [unavailable('submit')] });
    await runWorkers(world, { outageTiming: TIMING });
    const batch = await waitUntilFinished(world, await importRows(world, makeCustomers(1)));
    expect(batch).toMatchObject({ parked: 1, counts: { failed: 1 } });
    expect(await world.open.outage.read()).toBeUndefined();
  });
});
