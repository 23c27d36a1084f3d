/**
 * Every pair of verbs on one batch at the same time, in processes' own ways: whatever order Redis sees, every row ends,
 * the counters add up, and the peer's record equals the ledger's.
 */
import { describe, expect, it } from 'vitest';
import { cancel } from '../../src/batch/cancel.ts';
import { pauseBatch } from '../../src/batch/pause.ts';
import { purge } from '../../src/batch/purge.ts';
import { redrive } from '../../src/batch/redrive.ts';
import { redriveRecoverable } from '../../src/batch/redrive-recoverable.ts';
import { resume } from '../../src/batch/resume.ts';
import { settle } from '../../src/batch/settle.ts';
import { OUTCOMES } from '../../src/ledger/outcome.ts';
import { batchKeys } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { createQuickWorld, giveAll } from '../support/upkeep.ts';
import { waitForBatch, waitForPeer } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import type { World } from '../support/world.ts';

const ROWS = 12;
const BY = { by: 'test' };

const VERBS: Record<string, (world: World, batchId: string) => Promise<unknown>> = {
  cancel: ({ open }, batchId) => cancel(open, batchId, BY),
  pause: ({ open }, batchId) => pauseBatch(open, batchId, BY),
  resume: ({ open }, batchId) => resume(open, batchId, BY),
  retry: ({ open }, batchId) =>
    redrive(open, batchId, { ...BY, filter: { outcomes: ['failed', 'cancelled'] } }),
  schedule: ({ open }) => redriveRecoverable(open),
  settle: ({ open }, batchId) => settle(open, batchId, { ...BY, row: 1, as: 'submitted' }),
  purge: ({ open }, batchId) => purge(open, batchId, BY),
  upkeep: (world, batchId) => giveAll(world, batchId),
  import: (world) => importRows(world, makeCustomers(ROWS)),
};
const NAMES = Object.keys(VERBS);
const PAIRS = NAMES.flatMap((first, index) => NAMES.slice(index).map((second) => [first, second] as const));

/** The batch is gone, or each of its rows is counted once, under its outcome. */
async function expectCounted({ redis, account }: World, batchId: string): Promise<void> {
  const { batch, rows } = batchKeys(account.ledger, batchId);
  // At one moment: workers go on meanwhile.
  const replies = await redis.multi().hgetall(batch).hvals(rows).exec();
  const [counted, records] = (replies ?? []).map(([, reply]) => reply) as [Record<string, string>, string[]];
  const outcomes = records.map((text) => (JSON.parse(text) as { outcome: string }).outcome);
  for (const outcome of OUTCOMES)
    expect(outcomes.filter((each) => each === outcome).length, outcome).toBe(Number(counted[outcome] ?? 0));
  expect(outcomes.length).toBe(Number(counted.total ?? 0));
}

/** Lets everything that was decided come to its end. */
async function letEnd(world: World, batchId: string): Promise<void> {
  await resume(world.open, batchId, BY).catch(() => undefined);
  for (const { id } of await world.open.ledger.listBatches(10))
    await waitForBatch(world, id, ({ state }) => state === 'finished').catch(async (error: unknown) => {
      // Purged while it was waited for.
      if (await world.open.ledger.readBatch(id)) throw error;
    });
}

describe.each(PAIRS)('%s and %s at the same time', (first, second) => {
  it('leave a batch of which everything is true', async () => {
    const world = await createQuickWorld({
      rate: 50,
      ourRate: 50,
      faults: [{ operation: 'submit', kind: 'error', code: 'InvalidParameter.X', match: 'C10000[2-4]' }],
    });
    const { record } = world.simulator.state;
    const batchId = await importRows(world, makeCustomers(ROWS));
    await runWorkers(world);
    await waitForPeer(world, ({ accepted }) => accepted.length >= 2);
    const both = [first, second].map((name) => VERBS[name]?.(world, batchId));
    const results = await Promise.allSettled(both);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'AppError' });
    await expectCounted(world, batchId);
    await letEnd(world, batchId);
    await expectCounted(world, batchId);
    const accepted = record.accepted.map(({ custSpaceId }) => custSpaceId);
    const doubles = accepted.filter((id, index) => accepted.indexOf(id) < index);
    expect(doubles).toEqual([]);
    const batch = await world.open.ledger.readBatch(batchId);
    if (batch === undefined) return;
    const submitted = (await rowsOf(world, batchId)).filter((row) => row.record.outcome === 'submitted');
    expect(accepted).toEqual(expect.arrayContaining(submitted.map((row) => row.record.custSpaceId)));
  });
});
