/** What workers ask of Redis while all is well: counted, because a machine is slower or faster, and counts are not. */
import { expect, inject, it, onTestFinished } from 'vitest';
import { accountKeys } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { monitorRedis } from '../support/monitor.ts';
import { importRows } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

const CUSTOMERS = 8;
const ANSWERS = 3 * CUSTOMERS;

it('notes few answers while no failure is on record: each slot says so', async () => {
  const world = await createWorld({ rate: 5, ourRate: 5 });
  const failures = accountKeys(world.account.ledger).outageFailures('');
  let notes = 0;
  const stop = await monitorRedis(inject('redisUrl'), ({ command, values: [, , key] }) => {
    if (command === 'evalsha' && key?.startsWith(failures)) notes++;
  });
  onTestFinished(stop);
  await runWorkers(world);
  await waitUntilFinished(world, await importRows(world, makeCustomers(CUSTOMERS)));
  // Whatever takes longer than half a second, as nearly all does on a machine that stands still, is noted.
  expect(notes).toBeLessThan(ANSWERS / 2);
});
