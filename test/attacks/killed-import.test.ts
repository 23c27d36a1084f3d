/** An import that is killed again and again, and repeated. */
import { expect, inject, it, vi } from 'vitest';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { runProgram, startProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

const customers = (count: number) => makeCustomers(count, { IsvTerms: 'agreement-1.pdf' });

it('enqueues each row once when it is killed at ten points', async () => {
  const world = await createWorld();
  // The JavaScript Redis takes a hundred jobs a second.
  const total = inject('isRealRedis') ? 4_000 : 200;
  const parameters = ['import', await writeInput(world, customers(total)), '--agreements', world.agreements];
  for (let point = 0; point < 10; point++) {
    const doomed = startProgram(world, parameters);
    const isReached = async () => {
      const [batch] = await world.open.ledger.listBatches(1);
      return !doomed.isRunning || (batch?.total ?? 0) >= (total * point) / 10;
    };
    await vi.waitUntil(isReached, { timeout: 120_000, interval: 2 });
    await doomed.kill();
  }
  expect((await runProgram(world, parameters)).code).toBe(0);
  const batches = await world.open.ledger.listBatches(20);
  expect(batches.reduce((sum, batch) => sum + batch.counts.pending, 0)).toBe(total);
  expect(await world.open.queues.upload.getPrioritizedCount()).toBe(total);
});
