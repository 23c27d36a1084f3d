/** Everything of BullMQ is deleted while an account is paused. */
import { expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { createQuickWorld, deleteQueues, waitForUpkeep } from '../support/upkeep.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';

it('an account stays paused when every BullMQ key is deleted, although its rows get their jobs back', async () => {
  const world = await createQuickWorld();
  await runWorkers(world);
  await runProgram(world, ['pause']);
  const batchId = await importRows(world, makeCustomers(5));
  await deleteQueues(world);
  const { upload, submit } = world.open.queues;
  await expect.poll(() => upload.getPrioritizedCount()).toBe(5);
  await waitForUpkeep(world);
  expect([await upload.isPaused(), await submit.isPaused()]).toEqual([true, true]);
  expect(world.simulator.state.record.arrivals).toEqual([]);
  const { stdout } = await runProgram(world, ['status', batchId]);
  expect(stdout).toMatch(/^paused +by \S+ since 20\S+Z\n +→ To continue: `onboard resume`\./);

  await runProgram(world, ['resume']);
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(5);
  expect((await runProgram(world, ['status'])).stdout).not.toContain('paused');
});
