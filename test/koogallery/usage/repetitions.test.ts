/** What it means that the marketplace names a record as one that it has already: not always the one that is told of here. */
import { expect, it } from 'vitest';
import { decideUsage, type UsageVerb } from '../../../src/koogallery/usage/decide.ts';
import { pruneUsage } from '../../../src/koogallery/usage/prune.ts';
import { pushBatch } from '../../../src/koogallery/usage/push-batch.ts';
import { listUsage } from '../../../src/koogallery/usage/read-usage.ts';
import { recordUsage } from '../../../src/koogallery/usage/record.ts';
import { USAGE_STATES } from '../../../src/koogallery/usage/usage-record.ts';
import { makeUsage, openApisForTest } from '../../support/open-apis.ts';
import { connectTestRedis, uniqueName } from '../../support/redis.ts';
import { wayTo } from '../../support/seller.ts';
import { beginOf } from '../../support/usage-writes.ts';

async function makeSeller() {
  const apis = await openApisForTest();
  const access = { redis: connectTestRedis(), slug: uniqueName() };
  const ending = new AbortController().signal;
  const pushing = {
    ...{ access, ending, turn: { token: 'me', holdMs: 60_000 }, limits: { batchMax: 1_000, ceiling: 1_000 } },
    begin: beginOf(access),
    way: wayTo(apis.origin),
  };
  return {
    ...{ apis, access },
    push: () => pushBatch(pushing),
    record: (sn: string | undefined, value: string) =>
      recordUsage(access, [{ ...makeUsage('i', 1, value), meteringSn: sn }], { by: 'test' }),
    decide: (id: string, as: UsageVerb) => decideUsage(access, { id, as, by: 'test' }),
    /** `state code value` of each, by its id. */
    all: async () => {
      const lists = await Promise.all(USAGE_STATES.map((state) => listUsage(access, { state, limit: 9 })));
      const views = lists.flat().map(({ id, state, code, value }) => [id, { state, code, value }]);
      return Object.fromEntries(views);
    },
    /** Another program reports for the same seller. */
    elsewhere: async (sn: string, value: string) => {
      const other = { ...access, slug: uniqueName() };
      await recordUsage(other, [{ ...makeUsage('i', 1, value), meteringSn: sn }], { by: 'test' });
      await pushBatch({ ...pushing, access: other });
    },
  };
}

/** Three tries make a call: so many answers in a row are lost. */
const lost = (times: 1 | 3) => [{ kind: 'dropAfter', times }] as const;

it('what the marketplace has, and may bill, is not given up', async () => {
  const { push, record, decide } = await makeSeller();
  await record('a', '1000');
  await push();
  await expect(decide('a', 'lost')).rejects.toMatchObject({
    code: 'USAGE_STATE',
    message: expect.stringContaining('settle it as abnormal first'),
  });
});

it('a corrected record is not had where the one before it may have arrived', async () => {
  const { apis, push, record, decide, all } = await makeSeller();
  await record('a', '1000');
  await push();
  await decide('a', 'abnormal');
  await decide('a', 'lost');
  await record('b', '10');
  // Not even where the correction's own answer is lost: only the first record of a span counts.
  apis.faults.replace(lost(1));
  expect(await push()).toMatchObject({ received: 0, abnormal: 1 });
  expect(apis.usage.sums().get('i')).toBe('1000.0000');
  expect((await all()).b).toEqual({ state: 'abnormal', code: '010', value: '10' });
});

it('nor where it was sent and its answer lost, even with another in between', async () => {
  const { apis, push, record, decide, all } = await makeSeller();
  apis.faults.replace(lost(3));
  await record('a', '1000');
  await push();
  await decide('a', 'lost');
  await record('b', '5');
  await decide('b', 'lost');
  await record('c', '10');
  expect(await push()).toMatchObject({ received: 0, abnormal: 1 });
  expect((await all()).c).toMatchObject({ state: 'abnormal', code: '010' });
});

it('nor where another program has reported the span', async () => {
  const { push, record, elsewhere, all } = await makeSeller();
  await elsewhere('x', '1000');
  await record(undefined, '10');
  expect(await push()).toMatchObject({ received: 0, abnormal: 1 });
  expect(Object.values(await all())).toEqual([{ state: 'abnormal', code: '010', value: '10' }]);
});

it('nor where it was reported under another number', async () => {
  const { push, record, decide, all } = await makeSeller();
  await record('a', '1000');
  await push();
  await decide('a', 'abnormal');
  await decide('a', 'retry');
  expect(await push()).toMatchObject({ received: 0, abnormal: 1 });
  expect((await all()).a).toMatchObject({ state: 'abnormal', code: '010' });
});

it.each([1, 3] as const)(
  'one that was given up before it left leaves nothing behind, %s lost',
  async (times) => {
    const { apis, push, record, decide, all } = await makeSeller();
    await record('a', '1000');
    await decide('a', 'lost');
    apis.faults.replace(lost(times));
    await record('b', '10');
    const first = await push();
    const second = await push();
    expect(first.received + second.received).toBe(1);
    expect((await all()).b).toMatchObject({ state: 'received', code: '005' });
  },
);

it('a number that somebody chose may be that of a record elsewhere', async () => {
  const { push, record, elsewhere, all } = await makeSeller();
  await elsewhere('a', '1000');
  await record('a', '10');
  expect(await push()).toMatchObject({ received: 0, abnormal: 1 });
  expect((await all()).a).toEqual({ state: 'abnormal', code: '005', value: '10' });
});

it('spans that were given up are forgotten with their records', async () => {
  const { access, push, record, decide } = await makeSeller();
  await record('a', '1000');
  await push();
  await decide('a', 'abnormal');
  await decide('a', 'lost');
  await pruneUsage(access, Date.now() + 60_000);
  const keys = await access.redis.keys(`*${access.slug}*`);
  expect(keys.filter((key) => /:(freed|spans|records)$/.test(key))).toEqual([]);
});
