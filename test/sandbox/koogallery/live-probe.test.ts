import { describe, expect, it } from 'vitest';
import type { Generation } from '../../../src/koogallery/protocol/intent.ts';
import type { CheckId } from '../../../src/sandbox/koogallery/checks.ts';
import { type LiveProbeOptions, probeLive } from '../../../src/sandbox/koogallery/live-probe.ts';
import { type Fault, LIVE_FAULTS, LIVE_FAULTS_V1 } from '../../support/koogallery/reference-faults.ts';
import { SELLER_KEYS, startReferenceSeller } from '../../support/koogallery/reference-seller.ts';

async function liveProbe(
  generation: Generation,
  faults: readonly Fault[] = [],
  options: Partial<LiveProbeOptions> = {},
) {
  const seller = await startReferenceSeller(generation, ...faults);
  const terms = { endpoint: seller.url, generation, keys: SELLER_KEYS, repeat: 2, timeScale: 1e-7 };
  const report = await probeLive({ ...terms, ...options });
  const broken = report.activities.flatMap(({ checks }) =>
    checks.filter(({ result }) => result !== 'pass').map(({ check }) => check),
  );
  return { report, seller, broken };
}

it('a life ends as the marketplace and the seller both believe, in order and out of it', async () => {
  const inOrder = await liveProbe('saas-v2');
  expect(inOrder.broken).toEqual([]);
  expect(inOrder.report.orders).toEqual([
    { orderId: expect.stringMatching(/^PROBE-/), instanceId: expect.any(String), state: 'released' },
  ]);
  const outOfOrder = await liveProbe('saas-v1', [], { shuffle: 3 });
  expect(outOfOrder.report).toMatchObject({ hasPassed: true, mode: 'live', shuffle: 3 });
  expect(outOfOrder.report.orders).toHaveLength(3);
  for (const { orderId, instanceId } of outOfOrder.report.orders)
    expect(outOfOrder.seller.orders.get(orderId)).toMatchObject({ instanceId, state: 'released' });
});

describe('a fault that only lives show is found', () => {
  it.each(Object.entries(LIVE_FAULTS) as [Fault, CheckId][])('%s: %s', async (fault, check) => {
    expect((await liveProbe('saas-v2', [fault])).broken).toContain(check);
  });
  it.each(Object.entries(LIVE_FAULTS_V1) as [Fault, CheckId][])('V1.0, %s: %s', async (fault, check) => {
    expect((await liveProbe('saas-v1', [fault])).broken).toContain(check);
  });
});
