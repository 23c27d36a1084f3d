/** A batch that is cancelled while its import is still adding rows: nothing of it is sent. */
import { expect, it } from 'vitest';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { importRows, runProgram, startProgram, startWorkerProgram } from '../support/programs.ts';
import { outcomesOf } from '../support/rows.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

it.each([200, 1_500])('an import of %i rows, cancelled in its middle, sends nobody', async (count) => {
  // Slow enough that the first row cannot be sent before the cancel comes.
  const world = await createWorld({ rate: 1, ourRate: 1, latencyMs: 2_000 });
  const { ledger } = world.open;
  await startWorkerProgram(world);
  const rows = makeCustomers(count);
  const file = await writeInput(world, rows);
  const importing = startProgram(world, ['import', file, '--agreements', world.agreements]);
  const [batch] = await expect
    .poll(() => ledger.listBatches(1), { interval: 1 })
    .toHaveLength(1)
    .then(() => ledger.listBatches(1));
  const batchId = batch?.id ?? '';
  expect((await runProgram(world, ['cancel', batchId])).code).toBe(0);
  await importing.ended;
  const { counts, total } = await waitUntilFinished(world, batchId);
  expect(total).toBe(count);
  expect(counts.cancelled).toBe(count);
  expect(new Set(await outcomesOf(world, batchId))).toEqual(new Set(['cancelled']));
  expect(world.simulator.state.record.accepted).toEqual([]);

  expect((await runProgram(world, ['purge', batchId, '--yes'])).code).toBe(0);
  const again = await importRows(world, rows);
  expect(again).not.toBe(batchId);
  expect((await ledger.requireBatch(again)).counts.cancelled).toBe(0);
});
