/** A peer that is not answering: no row is blamed, a few calls probe whether it is over, and then all rows continue. */
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../src/pace/outage-operations.ts';
import { makeCustomers } from '../support/customers.ts';
import { TIMING, unavailable, waitForProbes } from '../support/outages.ts';
import { importRows } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };
const ROWS = 24;
interface Trouble {
  begin(world: World): Promise<void> | void;
  end(world: World): Promise<void> | void;
}

const failing = (...operations: Operation[]): Trouble => ({
  begin: (world) => world.simulator.state.faults.replace(operations.map(unavailable)),
  end: (world) => world.simulator.state.faults.replace([]),
});
const refusing = (server: 'chatApp' | 'oss'): Trouble => ({
  begin: (world) => world.simulator.refuse(server),
  end: (world) => world.simulator.listen(server),
});

/** Times that each customer was submitted. */
function submitsOf(world: World): Map<string, number> {
  const submits = new Map<string, number>();
  for (const { operation, subject } of world.simulator.state.record.arrivals)
    if (operation === 'submit') submits.set(subject, (submits.get(subject) ?? 0) + 1);
  return submits;
}

async function expectTrueRecords(world: World, batchId: string): Promise<void> {
  const submits = submitsOf(world);
  for (const { record, row } of await rowsOf(world, batchId)) {
    // Every call beyond the first follows an answer that is known to be lost.
    expect(submits.get(`C${100_000 + row}`)).toBeLessThanOrEqual(1 + record.ambiguous);
    expect(record.ambiguous).toBeLessThanOrEqual(1);
  }
}

describe('an outage', () => {
  it.each<[string, Trouble, Operation]>([
    ['of connections', refusing('chatApp'), 'authorize'],
    ['of all of Chat App', failing('authorize', 'submit'), 'authorize'],
    ['of submits only', failing('submit'), 'submit'],
    ['of connections to OSS', refusing('oss'), 'put'],
    ['of OSS', failing('put'), 'put'],
  ])(
    '%s fails no row and counts no tries, and all rows continue when it ends',
    async (_name, trouble, operation) => {
      const world = await createWorld(FAST);
      await trouble.begin(world);
      await runWorkers(world, { outageTiming: TIMING });
      const batchId = await importRows(world, makeCustomers(ROWS));
      await waitForProbes(world, operation, 3);
      const rows = await rowsOf(world, batchId);
      expect(rows.filter(({ record }) => record.outcome === 'failed')).toEqual([]);
      const tries = rows.reduce((sum, { record }) => sum + record.tries, 0);
      expect(tries).toBeLessThan(5);
      await trouble.end(world);
      const ended = Date.now();
      expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: ROWS, failed: 0 });
      expect(Date.now() - ended).toBeLessThan(30_000);
      await expectTrueRecords(world, batchId);
      expect(await world.open.outage.read()).toBeUndefined();
    },
  );

  it('stays the same one while one kind of failure follows another', async () => {
    const world = await createWorld(FAST);
    const troubles: [Trouble, Operation][] = [
      [refusing('chatApp'), 'authorize'],
      [failing('authorize', 'submit'), 'authorize'],
      [failing('submit'), 'submit'],
      [failing('put'), 'put'],
    ];
    const sinces = new Set<number | undefined>();
    await troubles[0]?.[0].begin(world);
    await runWorkers(world, { outageTiming: TIMING });
    const batchId = await importRows(world, makeCustomers(40));
    for (const [index, [trouble, operation]] of troubles.entries()) {
      await waitForProbes(world, operation, 2);
      sinces.add((await world.open.outage.read())?.since);
      const next = troubles[index + 1]?.[0];
      await next?.begin(world);
      if (index === 0) await trouble.end(world);
    }
    expect(sinces.size).toBe(1);
    world.simulator.state.faults.replace([]);
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 40, failed: 0 });
    await expectTrueRecords(world, batchId);
  });
});
