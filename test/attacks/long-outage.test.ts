/**
 * One outage of four kinds in a row, with the times that people have: `OUTAGE_SECONDS=240 npm run test:long --
 * long-outage` is the one of 16 minutes. No row is blamed, `status` names the outage, and all continue soon after.
 */
import { expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { unavailable } from '../support/outages.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForBatch, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const SECONDS = Number(process.env.OUTAGE_SECONDS ?? 12);
const ROWS = 60;
const OVER_WITHIN_MS = 60_000;
/** The peer may take this long to be noticed as away: five calls in a row, each with its time-out. */
const NOTICED_MS_MAX = 30_000;

type Change = (world: World) => Promise<void> | void;
const faults =
  (...operations: Parameters<typeof unavailable>[0][]): Change =>
  ({ simulator }) =>
    simulator.state.faults.replace(operations.map(unavailable));

/** Each ends where the next begins. */
const KINDS: readonly [string, Change][] = [
  ['connections are refused', ({ simulator }) => simulator.refuse('chatApp')],
  [
    'all of Chat App answers 503',
    async (world) => {
      await faults('authorize', 'submit')(world);
      await world.simulator.listen('chatApp');
    },
  ],
  ['only submits do', faults('submit')],
  ['only OSS does', faults('put')],
];

it(`fails no row, whichever way the peer is away (${SECONDS} s each)`, async () => {
  const world = await createWorld({ rate: 5, ourRate: 5 });
  await Promise.all([startWorkerProgram(world), startWorkerProgram(world)]);
  const batchId = await importRows(world, makeCustomers(ROWS));
  await waitForBatch(world, batchId, ({ counts }) => counts.submitted >= 10);
  for (const [kind, begin] of KINDS) {
    const begun = Date.now();
    await begin(world);
    // Not the outage in Redis: that of the kind before may be over by the time a person asks.
    await expect
      .poll(async () => (await runProgram(world, ['status', batchId])).stdout, {
        timeout: NOTICED_MS_MAX,
        message: kind,
      })
      .toMatch(/outage.*since/i);
    await expect
      .poll(() => Date.now() - begun, { timeout: SECONDS * 1_000 + 10_000 })
      .toBeGreaterThan(SECONDS * 1_000);
    const failed = (await rowsOf(world, batchId)).filter(({ record }) => record.outcome === 'failed');
    expect(failed, kind).toEqual([]);
  }
  world.simulator.state.faults.replace([]);
  const ended = Date.now();
  expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: ROWS, failed: 0 });
  expect(Date.now() - ended).toBeLessThan(OVER_WITHIN_MS);
  await expectFewSubmits(world, batchId);
  expect((await runProgram(world, ['status', batchId])).stdout).not.toMatch(/outage/i);
});

/** A submit may be repeated where its answer is known to be lost, and once per outage at most. */
async function expectFewSubmits(world: World, batchId: string): Promise<void> {
  const submits = world.simulator.state.record.arrivals.filter(
    // A throttled one was not carried out.
    ({ operation, answer }) => operation === 'submit' && answer !== 'Throttling.User',
  );
  for (const { record } of await rowsOf(world, batchId)) {
    const times = submits.filter(({ subject }) => subject === record.custSpaceId).length;
    expect(times).toBeLessThanOrEqual(1 + record.ambiguous);
    // The kinds follow each other within a minute, so they are one outage.
    expect(record.ambiguous).toBeLessThanOrEqual(1);
  }
}
