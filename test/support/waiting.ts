/** Waiting until something holds: in a batch, or at the simulator. */
import { vi } from 'vitest';
import type { Batch } from '../../src/ledger/batch-record.ts';
import type { SimulatorRecord } from '../../src/sandbox/simulator/record.ts';
import type { World } from './world.ts';

/** The test itself ends sooner, if it is a short one; beside others on a slow machine, an attack takes its time. */
const BATCH_WITHIN_MS = 240_000;
const PEER_WITHIN_MS = 120_000;

export async function waitForBatch(
  world: World,
  batchId: string,
  is: (batch: Batch) => boolean,
): Promise<Batch> {
  return vi.waitFor(
    async () => {
      const batch = await world.open.ledger.requireBatch(batchId);
      if (!is(batch)) throw new Error(`not yet: ${JSON.stringify(batch)}`);
      return batch;
    },
    { timeout: BATCH_WITHIN_MS, interval: 25 },
  );
}

export const waitUntilFinished = (world: World, batchId: string) =>
  waitForBatch(world, batchId, (batch) => batch.state === 'finished');

/** Waits until something holds at the simulator. */
export async function waitForPeer(world: World, holds: (record: SimulatorRecord) => boolean): Promise<void> {
  await vi.waitUntil(() => holds(world.simulator.state.record), { timeout: PEER_WITHIN_MS, interval: 5 });
}
