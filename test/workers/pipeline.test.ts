import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FaultRuleInput } from '../../src/sandbox/simulator/faults.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { outcomesOf, rowsOf } from '../support/rows.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World, type WorldOptions } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };

/** Starts a worker, imports customers and waits until the last of them has an outcome. */
async function runWholeBatch(world: World, count: number) {
  await runWorkers(world);
  const batchId = await importRows(world, makeCustomers(count));
  return { batchId, batch: await waitUntilFinished(world, batchId) };
}

const withFaults = (faults: FaultRuleInput[], more: WorldOptions = {}) =>
  createWorld({ ...FAST, faults, ...more });

it('submits each customer once, two who share an agreement too, and calls nobody at the same import again', async () => {
  const world = await createWorld(FAST);
  await runWorkers(world);
  const rows = [...makeCustomers(5), makeCustomer(6, { IsvTerms: 'agreement-1.pdf' })];
  const first = await waitUntilFinished(world, await importRows(world, rows));
  expect(first.counts.submitted).toBe(6);
  const { authorize, put, submit, acceptedTwice, acceptedCustomers, badSignatures } =
    world.simulator.state.record.summary();
  expect([authorize.calls, put.calls, submit.calls, acceptedCustomers, acceptedTwice, badSignatures]).toEqual(
    [6, 6, 6, 6, 0, 0],
  );

  const again = await waitUntilFinished(world, await importRows(world, rows));
  expect(again.counts).toMatchObject({ unchanged: 6, submitted: 0 });
  expect(world.simulator.state.record.count('authorize')).toBe(6);
  for (const { record } of await rowsOf(world, again.id))
    expect(record).toMatchObject({ lead: { batchId: first.id }, requestId: expect.any(String) });
});

it('sends a customer with other data than before as an update', async () => {
  const world = await createWorld(FAST);
  const { batchId } = await runWholeBatch(world, 1);
  expect(await outcomesOf(world, batchId)).toEqual(['submitted']);
  const updated = await importRows(world, [makeCustomer(1, { CustName: 'Renamed' })]);
  await waitUntilFinished(world, updated);
  expect(world.simulator.state.record.accepted.map(({ fields }) => fields.CustName)).toEqual([
    '示例公司 1 & Söhne',
    'Renamed',
  ]);
});

it('keeps two workers together at the exact limit', async () => {
  const world = await createWorld({ rate: 5 });
  await runWorkers(world);
  await runWorkers(world);
  const batch = await waitUntilFinished(world, await importRows(world, makeCustomers(14)));
  const { authorize, submit } = world.simulator.state.record.summary();
  expect(batch.counts.submitted).toBe(14);
  // A busy machine may hold up a call for longer than the guard; without a pacer of both, half of them would be too early.
  for (const { calls, throttled } of [authorize, submit]) expect(throttled / calls).toBeLessThan(0.15);
});

it('obeys a peer that allows less without a failed row or a used attempt', async () => {
  const world = await createWorld({ rate: 2, ourRate: 20, environment: { ONBOARD_PACE_GUARD_MS: '0' } });
  const { batch, batchId } = await runWholeBatch(world, 8);
  expect(batch.counts.submitted).toBe(8);
  expect(batch.throttled).toBeGreaterThan(0);
  for (const { record } of await rowsOf(world, batchId)) expect(record.attempts).toBe(2);
});

it.each<[string, FaultRuleInput]>([
  ['a 502 page', { operation: 'authorize', kind: 'html502', times: 2 }],
  ['a dropped connection', { operation: 'authorize', kind: 'dropBefore', times: 2 }],
  ['a flow limit inside HTTP 200', { operation: 'authorize', kind: 'limitIn200', times: 2 }],
  ['a bare 302', { operation: 'submit', kind: 'status302', times: 2 }],
  ['expired upload credentials', { operation: 'authorize', kind: 'expireShort', times: 2 }],
  ['an upload that arrived without its answer', { operation: 'put', kind: 'dropAfter', times: 1 }],
  ['an upload that was corrupted', { operation: 'put', kind: 'wrongEtag', times: 1 }],
  [
    'an endpoint that holds the bucket already',
    { operation: 'authorize', kind: 'endpointWithBucket', times: 1 },
  ],
  ['an Expire that is a text', { operation: 'authorize', kind: 'expireString', times: 1 }],
])('gets over %s', async (_name, fault) => {
  const world = await withFaults([fault]);
  const { batch } = await runWholeBatch(world, 2);
  expect(batch.counts.submitted).toBe(2);
  expect(world.simulator.state.record.summary().acceptedTwice).toBe(0);
});

it('fails a refused customer at once with code, message, hint and RequestId, and continues with the others', async () => {
  const world = await withFaults([
    { operation: 'submit', match: 'C100002', kind: 'error', code: 'Unknown.ResourceOwnerId' },
  ]);
  const { batch, batchId } = await runWholeBatch(world, 3);
  expect(batch.counts).toMatchObject({ submitted: 2, failed: 1 });
  const [, failed] = await rowsOf(world, batchId);
  expect(failed?.record).toMatchObject({
    code: 'Unknown.ResourceOwnerId',
    class: 'customer',
    attempts: 2,
    hint: expect.stringContaining('does not belong'),
    requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
  });
  expect(world.simulator.state.record.count('submit')).toBe(3);
});

it('sends nothing to an upload host outside the allow-list', async () => {
  const world = await withFaults([{ operation: 'authorize', kind: 'endpointForeign' }]);
  const { batchId } = await runWholeBatch(world, 1);
  expect((await rowsOf(world, batchId))[0]?.record).toMatchObject({
    outcome: 'failed',
    code: 'ENDPOINT_REFUSED',
  });
  expect(world.simulator.state.record.count('put')).toBe(0);
});

it('fails the row whose agreement has left the store and no other', async () => {
  const world = await createWorld(FAST);
  const batchId = await importRows(world, makeCustomers(2));
  const [row] = await rowsOf(world, batchId);
  const sha256 = row?.input.sha256 ?? '';
  await rm(join(world.folder, 'store', sha256.slice(0, 2), `${sha256}.pdf`));
  await runWorkers(world);
  expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ failed: 1, submitted: 1 });
});

describe('a submit whose answer was lost', () => {
  it('is sent again later, and flagged', async () => {
    const world = await withFaults([{ operation: 'submit', kind: 'dropAfter', times: 1 }]);
    const { batchId } = await runWholeBatch(world, 1);
    expect((await rowsOf(world, batchId))[0]?.record).toMatchObject({ outcome: 'submitted', ambiguous: 1 });
    const [first, second] = world.simulator.state.record.arrivals.filter(
      ({ operation }) => operation === 'submit',
    );
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(5000);
  });

  it('is left to a person at once if that is the policy', async () => {
    const world = await withFaults([{ operation: 'submit', kind: 'dropAfter' }], {
      environment: { CHATAPP_SUBMIT_AMBIGUOUS: 'park' },
    });
    const { batchId, batch } = await runWholeBatch(world, 1);
    expect(batch).toMatchObject({ parked: 1, counts: { failed: 1 } });
    expect((await rowsOf(world, batchId))[0]?.record).toMatchObject({
      code: 'SUBMIT_OUTCOME_UNKNOWN',
      parked: true,
      ambiguous: 1,
    });
    expect(world.simulator.state.record.count('submit')).toBe(1);
  });
});

it('opens the breaker of a refused account after a handful of calls and fails nothing', async () => {
  const world = await withFaults([{ operation: 'authorize', kind: 'error', code: 'Product.Unsubscript' }]);
  await runWorkers(world);
  const batchId = await importRows(world, makeCustomers(30));
  await waitForPeer(world, (record) => record.count('authorize') > 0);
  // A row goes back before the breaker opens.
  await expect
    .poll(() => world.open.breaker.read())
    .toMatchObject({ code: 'Product.Unsubscript', hint: expect.stringContaining('Subscribe') });
  const batch = await waitForBatch(world, batchId, ({ counts }) => counts.uploading === 0);
  expect(batch.counts).toMatchObject({ pending: 30, failed: 0 });
  expect(world.simulator.state.record.count('authorize')).toBeLessThan(15);
});
