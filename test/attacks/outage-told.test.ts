/** An outage as people see it, and one that no row is left to probe. */
import { expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { TIMING, unavailable, waitForProbes } from '../support/outages.ts';
import { importRows, runProgram, startProgram, startWorkerProgram } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };
const ROWS = 24;

it('is shown first by every read-only command and logged once, and does not end `--watch`', async () => {
  const world = await createWorld({ ...FAST, faults: [unavailable('submit')] });
  const workers = [await startWorkerProgram(world), await startWorkerProgram(world)];
  const batchId = await importRows(world, makeCustomers(ROWS));
  const watching = startProgram(world, ['status', batchId, '--watch']);
  await watching.says('Chat App (submit) is not answering');
  const told =
    /^outage +since \d{4}-.*: Chat App \(submit\) is not answering: InternalError submit: HTTP 503.*\n +→ Nothing to do: sending resumes by itself\./;
  for (const command of [['status'], ['status', batchId], ['batches']])
    expect((await runProgram(world, command)).stdout).toMatch(told);
  world.simulator.state.faults.replace([]);
  await watching.says('The peer is answering again.');
  expect((await watching.ended).code).toBe(0);
  await Promise.all(workers.map((worker) => worker.stop()));
  const log = workers.map(({ output }) => output.stderr).join('');
  for (const event of ['outage_began', 'outage_ended']) expect(log.split(`"${event}"`)).toHaveLength(2);
});

it('ends if no row is left to probe', async () => {
  const world = await createWorld({ ...FAST, faults: [unavailable('submit')] });
  await runWorkers(world, { outageTiming: TIMING });
  const cancelled = await importRows(world, makeCustomers(ROWS));
  await waitForProbes(world, 'submit', 1);
  await runProgram(world, ['cancel', cancelled]);
  world.simulator.state.faults.replace([]);
  const more = makeCustomers(3).map((row) => ({ ...row, CustSpaceId: `D${row.CustSpaceId}` }));
  const next = await waitUntilFinished(world, await importRows(world, more));
  expect(next.counts.submitted).toBe(3);
});
