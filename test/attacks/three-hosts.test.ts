/**
 * Workers on three hosts while cables are pulled and a clock is wrong. HOSTS_CUSTOMERS (250) and HOSTS_ROUNDS (1) make more
 * of it: then with the usual settings, and figures are printed.
 */
import { expect, it } from 'vitest';
import { WORKING } from '../../src/pace/heartbeats.ts';
import { makeCustomers } from '../support/customers.ts';
import { figuresOf, renderFigures } from '../support/hosts/figures.ts';
import { createHostsWorld } from '../support/hosts/hosts-world.ts';
import { whyNoHosts } from '../support/hosts/networks.ts';
import { playRound } from '../support/hosts/round.ts';
import { expectTrueTimes, readStatus, toldOf } from '../support/hosts/told.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';

const { HOSTS_CUSTOMERS, HOSTS_ROUNDS } = process.env;
const CUSTOMERS = Number(HOSTS_CUSTOMERS ?? 250);
const ROUNDS = Number(HOSTS_ROUNDS ?? 1);
const PER_SECOND = 5;
/** In an account that has never been throttled before, each is how it learns the spread of the network. */
const THROTTLED_MAX = 6;
/** Rows are taken over sooner than usual, and a peer that is away is noticed sooner. */
const HASTE = { CHATAPP_TIMEOUT_MS: '3000', OSS_TIMEOUT_MS: '3000', ONBOARD_LOCK_SECONDS: '10' };
const USUAL = {
  ...{ CHATAPP_TIMEOUT_MS: '15000', OSS_TIMEOUT_MS: '60000', ONBOARD_LOCK_SECONDS: '30' },
  ONBOARD_PACE_GUARD_MS: '4',
};
const TEN_MINUTES = 600;
/** Heartbeats come every ten seconds. */
const TOLD_WITHIN_MS = 20_000;
/** Until a machine that is well again takes jobs: it looks every half minute. */
const WELL_WITHIN_MS = 60_000;

const why = whyNoHosts();
if (why !== '') process.stderr.write(`Three hosts are not tested: ${why}.\n`);

it.skipIf(why !== '')('three hosts, with cables pulled and a clock that is wrong', async () => {
  const began = Date.now();
  const environment = HOSTS_CUSTOMERS === undefined ? HASTE : USUAL;
  const world = await createHostsWorld({ environment, aheadSeconds: TEN_MINUTES });
  const { hosts } = world;
  const [first] = hosts;
  const batchId = await importRows(world, makeCustomers(CUSTOMERS));
  await waitForPeer(world, ({ accepted }) => accepted.length >= 10);
  await expect
    .poll(() => toldOf(world, batchId, first), { timeout: TOLD_WITHIN_MS })
    .toMatch(/The clock of this machine is (599|600|601) s ahead of that of the peer\./);
  await expectTrueTimes(world, batchId, began);
  expect(first.worker.output.stderr).not.toContain('row_submitted');
  await first.setClock(0);
  await expect.poll(() => toldOf(world, batchId, first), { timeout: WELL_WITHIN_MS }).toBe(WORKING);

  for (let round = 0; round < ROUNDS; round++) await playRound(world, { batchId, round, began });

  const batch = await waitUntilFinished(world, batchId);
  const figures = await figuresOf(world, batchId);
  if (HOSTS_CUSTOMERS !== undefined) process.stderr.write(renderFigures(figures));
  expect(batch.counts).toMatchObject({ submitted: CUSTOMERS, failed: 0, submitting: 0, uploading: 0 });
  expect(Object.values(batch.counts).reduce((sum, count) => sum + count)).toBe(CUSTOMERS);
  for (const { outcome } of (await rowsOf(world, batchId)).map(({ record }) => record))
    expect(outcome).toBe('submitted');
  expect(figures.customers).toBe(CUSTOMERS);
  expect(figures.twiceUnflagged).toEqual([]);
  for (const step of [figures.authorize, figures.submit]) {
    expect(step.mostInOneSecond - step.throttled).toBeLessThanOrEqual(PER_SECOND);
    expect(step.throttled).toBeLessThanOrEqual(THROTTLED_MAX * ROUNDS);
  }
  const { stdout } = await runProgram(world, ['results', batchId, '--succeeded']);
  expect(stdout.trimEnd().split('\n')).toHaveLength(CUSTOMERS + 1);
  const status = await readStatus(world, batchId);
  expect(status).toMatchObject({ state: 'finished', heldBy: [], parkedRows: [], failures: [] });
  await expectTrueTimes(world, batchId, began);
  await Promise.all(hosts.map(({ worker }) => worker.stop()));
  for (const { worker } of hosts) {
    expect(await worker.ended).toEqual({ code: 0, signal: null });
    expect(worker.output.stderr).not.toMatch(/outage_began|breaker_opened|row_failed|unexpected/);
  }
});
