import { expect, it } from 'vitest';
import { decideUsage } from '../../../src/koogallery/usage/decide.ts';
import { FULL_CALLS_BEFORE_MORE, type Pushing, pushBatch } from '../../../src/koogallery/usage/push-batch.ts';
import { countUsage, listUsage, readTrouble } from '../../../src/koogallery/usage/read-usage.ts';
import { recordUsage } from '../../../src/koogallery/usage/record.ts';
import type { OpenApisOptions } from '../../../src/sandbox/koogallery/open-server.ts';
import { makeUsage, openApisForTest } from '../../support/open-apis.ts';
import { connectTestRedis, uniqueName } from '../../support/redis.ts';
import { wayTo } from '../../support/seller.ts';
import { beginOf } from '../../support/usage-writes.ts';

async function makePusher(options: Partial<OpenApisOptions> = {}) {
  const apis = await openApisForTest(options);
  const access = { redis: connectTestRedis(), slug: uniqueName() };
  const pushing: Pushing = {
    access,
    turn: { token: 'me', holdMs: 60_000 },
    begin: beginOf(access),
    way: wayTo(apis.origin),
    limits: { batchMax: 1_000, ceiling: 1_000 },
    ending: new AbortController().signal,
  };
  return {
    apis,
    pushing,
    access,
    push: (more: Partial<Pushing> = {}) => pushBatch({ ...pushing, ...more }),
    record: (instances: readonly string[], value = '1') =>
      recordUsage(
        access,
        instances.map((instance) => ({ ...makeUsage(instance, 1, value), meteringSn: `sn-${instance}` })),
        {
          by: 'test',
        },
      ),
    states: async () =>
      Object.fromEntries(Object.entries(await countUsage(access)).filter(([, count]) => count > 0)),
    codes: async () =>
      Object.fromEntries(
        (await listUsage(access, { state: 'abnormal', limit: 99 })).map(({ id, code }) => [id, code]),
      ),
  };
}

it('sends a batch, and it is received', async () => {
  const { apis, push, record, states } = await makePusher();
  await record(['a', 'b'], '0.0001');
  expect(await push()).toMatchObject({ taken: 2, received: 2 });
  expect(await states()).toEqual({ received: 2 });
  expect(apis.usage.sums()).toEqual(
    new Map([
      ['a', '0.0001'],
      ['b', '0.0001'],
    ]),
  );
  expect(await push()).toMatchObject({ taken: 0 });
});

it.each([
  ['without the access key where the three headers are enough', { usageNeedsAccessKey: false }, false, 2],
  ['not without it where it is asked for', {}, false, 0],
])('goes %s', async (_, options, withAccessKey, received) => {
  const { push, pushing, record } = await makePusher(options);
  await record(['a', 'b']);
  expect(await push({ way: { ...pushing.way, withAccessKey } })).toMatchObject({ received });
});

it('speaks the old interface', async () => {
  const { apis, access, push, pushing } = await makePusher();
  await recordUsage(access, [{ ...makeUsage('a', 1), productId: 'p' }], { by: 'test' });
  expect(await push({ way: { ...pushing.way, interface: 'old' } })).toMatchObject({ received: 1 });
  expect(apis.usage.sums()).toEqual(new Map([['a', '1.0000']]));
});

it.each(['dropAfter', 'hang'] as const)(
  'sends again under the same number after %s, and nothing counts twice',
  async (kind) => {
    const { apis, push, record, states } = await makePusher({ faults: [{ kind, times: 3 }] });
    await record(['a', 'b']);
    const impatient = wayTo(apis.origin, { withinMs: 150 });
    expect(await push({ way: impatient })).toMatchObject({ received: 0, trouble: { code: 'no answer' } });
    expect(await states()).toEqual({ sent: 2 });
    expect(await push()).toMatchObject({ received: 2 });
    expect(apis.usage.repetitions).toBeGreaterThan(0);
    expect(apis.usage.sums()).toEqual(
      new Map([
        ['a', '1.0000'],
        ['b', '1.0000'],
      ]),
    );
  },
);

it.each([
  ['MKT.0102', 400],
  ['MKT.0151', 401],
  ['MKT.0154', 401],
  ['APIGW.0301', 401],
])('%s is trouble of the channel, not of the records', async (code, status) => {
  const { access, apis, push, record, states } = await makePusher({
    faults: [{ kind: 'error', code, status }],
  });
  await record(['a', 'b']);
  expect(await push()).toMatchObject({ received: 0, abnormal: 0, trouble: { code } });
  expect(await states()).toEqual({ recorded: 2 });
  expect(await readTrouble(access)).toMatchObject({ code, since: expect.any(Number) });
  expect(apis.calls).toHaveLength(1);
  apis.faults.replace([]);
  await push();
  expect(await readTrouble(access)).toBeUndefined();
});

it.each(['MKT.9001', 'MKT.9002', 'MKT.9004', 'MKT.0150', 'MKT.0101', 'MKT.0199', 'MKT.0100'])(
  'a batch that is refused with %s is halved until only the culprit is left',
  async (code) => {
    const { apis, push, record, codes, states } = await makePusher();
    apis.usage.instances.set('f', { call: code });
    await record(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
    expect(await push()).toMatchObject({ taken: 9, received: 8, abnormal: 1 });
    expect(await codes()).toEqual({ 'sn-f': code });
    expect(await states()).toEqual({ received: 8, abnormal: 1 });
  },
);

it('a form that is refused for everybody is nobody’s fault', async () => {
  const { push, record, states } = await makePusher({
    faults: [{ kind: 'error', code: 'MKT.0101', status: 400 }],
  });
  await record(['a', 'b', 'c']);
  expect(await push()).toMatchObject({ abnormal: 0, trouble: { code: 'MKT.0101' } });
  expect(await states()).toEqual({ recorded: 3 });
});

it('a form that was right just now is not what one record is refused for', async () => {
  const { apis, push, record, codes } = await makePusher();
  await record(['a']);
  await push();
  apis.usage.instances.set('b', { call: 'MKT.0101' });
  await record(['b']);
  expect(await push()).toMatchObject({ abnormal: 1, trouble: undefined });
  expect(await codes()).toEqual({ 'sn-b': 'MKT.0101' });
});

it('sends fewer at once where the marketplace takes fewer', async () => {
  const { pushing, push, record } = await makePusher({
    faults: [{ kind: 'error', code: 'MKT.9003', times: 1 }],
  });
  await record(['a', 'b', 'c']);
  expect(await push()).toMatchObject({ received: 3 });
  expect(pushing.limits.batchMax).toBe(2);
});

it('sends more at once again, up to the most, after batches that were as large as they might be', async () => {
  const { pushing, push, record } = await makePusher({
    faults: [{ kind: 'error', code: 'MKT.9003', times: 1 }],
  });
  Object.assign(pushing.limits, { ceiling: 3 });
  await record(['a', 'b']);
  await push();
  expect(pushing.limits.batchMax).toBe(1);
  // The two halves of the call that was refused were full.
  const full = Array.from({ length: FULL_CALLS_BEFORE_MORE - 2 }, (_, number) => `full-${number}`);
  await record([...full, 'c', 'd', 'e', 'f', 'g']);
  const sizes: (number | undefined)[] = [];
  for (let each = 0; each < full.length + 3; each++) sizes.push((await push()).taken);
  expect(sizes).toEqual([...full.map(() => 1), 2, 2, 1]);
  for (let each = 0; each < FULL_CALLS_BEFORE_MORE - 2; each++) {
    await record([`even-${each}`, `odd-${each}`]);
    expect((await push()).taken).toBe(2);
  }
  expect(pushing.limits.batchMax).toBe(3);
});

it.each(['001', '002', '003', '004', '006', '007', '008', '009', '011', '012', '013'])(
  'code %s of a record is for a person, who may have it reported again',
  async (code) => {
    const { access, apis, push, record, codes } = await makePusher();
    apis.usage.instances.set('b', code === '008' ? { late: code } : { record: code });
    await record(['a', 'b']);
    await push();
    if (code === '008') {
      apis.usage.lookAtReceived();
      await record(['c']);
      await push();
    }
    expect(await codes()).toEqual({ 'sn-b': code });
    apis.usage.instances.clear();
    await decideUsage(access, { id: 'sn-b', as: 'retry', by: 'test' });
    await push();
    expect(apis.usage.sums().get('b')).toBe('1.0000');
    expect(apis.usage.sums().get('a')).toBe('1.0000');
  },
);

it('stops between two calls, and puts the rest back', async () => {
  const { apis, push, record, states } = await makePusher();
  const ending = new AbortController();
  apis.usage.instances.set('a', { call: 'MKT.9002' });
  await record(['a', 'b']);
  ending.abort();
  await push({ ending: ending.signal });
  expect(apis.calls).toEqual([]);
  expect(await states()).toEqual({ recorded: 2 });
});
