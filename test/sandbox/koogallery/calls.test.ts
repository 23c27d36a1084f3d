/** What the simulated marketplace sends is what a seller that follows the page can verify. */
import { describe, expect, it } from 'vitest';
import { GENERATIONS, type Generation } from '../../../src/koogallery/protocol/intent.ts';
import type { Fields, Step } from '../../../src/sandbox/koogallery/message.ts';
import { messageOf, stepsOf } from '../../../src/sandbox/koogallery/messages.ts';
import { signCall, type Variation } from '../../../src/sandbox/koogallery/sign-call.ts';
import { type Verifier, verified } from '../../support/koogallery/reference-crypto.ts';
import { SELLER_KEYS } from '../../support/koogallery/reference-seller.ts';

const ORDER = {
  ...{ orderId: 'CS1', orderLineId: 'CS1-000001', productId: 'p', skuCode: 's', customerId: 'c' },
  ...{ customerName: '云 商店', instanceId: 'i', license: 'PL1' },
};

function makeCall(generation: Generation, step: Step, variation: Variation = {}) {
  const { activity, entrance, fields } = messageOf(generation, step);
  const times = {
    eventId: 'E1',
    expireTime: '20270101000000',
    businessId: 'b',
    seal: (text: string) => text,
  };
  const unsigned = { activity, entrance, fields: fields({ order: ORDER, ...times }) };
  const terms = { generation, keys: SELLER_KEYS, isTest: true, nowMs: Date.now() };
  return signCall(unsigned, terms, variation);
}

function verify(call: ReturnType<typeof makeCall>): Fields | undefined {
  const { current, previous, kit } = SELLER_KEYS;
  const verifier: Verifier = { keys: [current, previous], kitKey: kit, faults: new Set(), nonces: new Map() };
  const { method, path, query, body = '' } = call;
  const headers = Object.fromEntries(
    Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return verified({ method, url: `${path || '/'}?${query}`, headers, body: Buffer.from(body) }, verifier);
}

const CALLS = GENERATIONS.flatMap((generation) =>
  stepsOf(generation).map((step) => [generation, step] as const),
);

const RIGHT: Variation[] = [
  {},
  ...[{ unit: 's' }, { hex: 'lower' }, { isUnsorted: true }, { hasNull: true }, { hasExtra: true }],
  ...[
    { hasHardText: true },
    { hasHardText: true, space: 'percent' },
    { losesPlus: true },
    { offsetMs: 50_000 },
  ],
] as Variation[];

const WRONG: Variation[] = [{ key: 'foreign' }, { signature: 'missing' }, { signature: 'tampered' }];

describe.each(CALLS)('%s, %s', (generation, step) => {
  it.each(RIGHT)('can be verified: %j', (variation) => {
    const params = verify(makeCall(generation, step, variation));
    expect(params).toMatchObject({ testFlag: expect.anything() });
    if (variation.hasHardText) expect(params?.probeText).toBe('a+b/c=d&e f %41 云商店');
  });
  it.each(WRONG)('is refused: %j', (variation) => {
    expect(verify(makeCall(generation, step, variation))).toBeUndefined();
  });
});

it('signs with the previous key, but kits only with their own', () => {
  const { query } = makeCall('saas-v2', 'create', { key: 'previous', nonce: 'n' });
  expect(query).not.toBe(makeCall('saas-v2', 'create', { nonce: 'n' }).query);
  expect(verify(makeCall('saas-v2', 'create', { key: 'previous' }))).toBeDefined();
  expect(verify(makeCall('saas-v1', 'kit.auth'))).toMatchObject({ flag: 1, testFlag: 1 });
});
