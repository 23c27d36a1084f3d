import { expect, it } from 'vitest';
import { checkAnswer } from '../../../src/sandbox/koogallery/answer-checks.ts';
import { cadenceOf } from '../../../src/sandbox/koogallery/cadence.ts';
import { planLife } from '../../../src/sandbox/koogallery/life.ts';
import { SimulatedMarketplace } from '../../../src/sandbox/koogallery/marketplace.ts';
import { Findings } from '../../../src/sandbox/koogallery/report.ts';
import { randomOf } from '../../../src/sandbox/koogallery/shuffle.ts';
import { SELLER_KEYS, startReferenceSeller } from '../../support/koogallery/reference-seller.ts';

async function openMarketplace(...faults: Parameters<typeof startReferenceSeller>[1][]) {
  const seller = await startReferenceSeller('saas-v2', ...faults);
  const terms = { endpoint: seller.url, generation: 'saas-v2', keys: SELLER_KEYS, timeScale: 1e-7 } as const;
  return { marketplace: new SimulatedMarketplace(terms), seller };
}

it('cancels an order whose create never succeeds, after three calls in three hours', async () => {
  const { marketplace } = await openMarketplace('status500', 'html');
  const order = marketplace.placeOrder();
  await marketplace.deliver(order, marketplace.event('create'));
  expect([marketplace.calls, order.state]).toEqual([3, 'cancelled']);
  expect(cadenceOf('saas-v2', 'create')).toEqual({ everyMs: 3_600_000, tries: 3, sure: 'D' });
  expect(cadenceOf('license-v2', 'release')).toMatchObject({ everyMs: 120_000, tries: 60 });
  expect(cadenceOf('license-v1', 'refresh').tries).toBe(1);
});

it('believes what it was told, and a repeated renewal tells nothing new', async () => {
  const { marketplace } = await openMarketplace();
  const order = marketplace.placeOrder();
  const states: string[] = [];
  const [first, second] = [marketplace.event('refresh'), marketplace.event('refresh')];
  const events = [
    'create',
    'query',
    'query',
    'freeze',
    first,
    'freeze',
    first,
    second,
    'release',
    'unfreeze',
  ] as const;
  for (const event of events) {
    await marketplace.call(order, typeof event === 'string' ? marketplace.event(event) : event);
    states.push(order.state);
  }
  const [, ...later] = states;
  expect(states[0]).toBe('opening');
  expect(later).toEqual([
    ...['opening', 'active', 'frozen', 'active', 'frozen', 'frozen'],
    ...['active', 'released', 'released'],
  ]);
  expect(order.expireAt).toEqual(second.expireAt);
});

it('measures the time of an answer, and says why the value of Body-Sign is wrong', async () => {
  const { marketplace } = await openMarketplace('newline');
  const order = marketplace.placeOrder();
  const exchange = await marketplace.call(order, marketplace.event('create'), { isTest: true });
  const late = { ...exchange, outcome: { ...exchange.outcome, elapsedMs: 5001 } };
  const findings = checkAnswer(late, marketplace.terms);
  expect(findings).toContainEqual({ check: 'time', result: 'fail', came: '5001 ms' });
  const came = 'right without the space around the body';
  expect(findings).toContainEqual({ check: 'body-sign-value', result: 'fail', came });
});

it('a life out of order has every call, its repetitions behind it, and the same order for the same seed', () => {
  const terms = { generation: 'saas-v1', hasKit: true, repeat: 3 } as const;
  const plan = planLife({ ...terms, random: randomOf(1) });
  expect(planLife({ ...terms, random: randomOf(1) })).toEqual(plan);
  expect(planLife({ ...terms, random: randomOf(2) })).not.toEqual(plan);
  const firsts = plan.filter(({ isRepeat }) => !isRepeat).map(({ step }) => step);
  expect(firsts.at(-1)).toBe('release');
  expect(plan).toHaveLength(firsts.length * 4 + 3);
  expect(plan.some(({ isAfterRelease, step }) => isAfterRelease && step !== 'release')).toBe(true);
  expect(planLife(terms).every(({ isAfterRelease, step }) => !isAfterRelease || step === 'release')).toBe(
    true,
  );
});

it('a report holds no key, even if a seller tells it', () => {
  const findings = new Findings(['the-key', '']);
  findings.add('a', [{ check: 'success', result: 'fail', came: '000001 "wrong for the-key"' }]);
  findings.add('a', [{ check: 'success', result: 'pass' }], 1);
  expect(findings.activities()).toMatchObject([
    {
      activity: 'a',
      calls: 1,
      checks: [{ result: 'fail', times: 2, passed: 1, came: ['000001 "wrong for …"'] }],
    },
  ]);
});
