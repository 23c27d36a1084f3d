/** What people decide about usage, and take back. */
import { expect, it, onTestFinished } from 'vitest';
import { concludeUsage } from '../../../src/koogallery/usage/conclude.ts';
import { decideUsage, type UsageVerb } from '../../../src/koogallery/usage/decide.ts';
import { readUsageTotals } from '../../../src/koogallery/usage/read-usage.ts';
import { recordUsage } from '../../../src/koogallery/usage/record.ts';
import { takeUsage } from '../../../src/koogallery/usage/take.ts';
import { UsageCases } from '../../../src/koogallery/usage-cases.ts';
import { Durable } from '../../../src/redis/durable.ts';
import { channelOf } from '../../support/koogallery/webhook.ts';
import { makeUsage } from '../../support/open-apis.ts';
import { connectTestRedis, uniqueName } from '../../support/redis.ts';

const BY = { by: 'test' };
const TURN = { token: 'me', holdMs: 60_000 };

function makeChannel() {
  const access = { redis: connectTestRedis(), slug: uniqueName() };
  const record = (sn: string, instance: string, value = '5') =>
    recordUsage(access, [{ ...makeUsage(instance, 1, value), meteringSn: sn }], BY);
  return {
    access,
    record,
    /** Reported, and found abnormal. */
    report: async (sn: string, instance: string, code: string) => {
      await record(sn, instance);
      await takeUsage(access, TURN, 9);
      await concludeUsage(access, TURN, { results: [{ meteringSn: sn, as: 'abnormal', code }] });
    },
    decide: (id: string, as: UsageVerb, by: string, reason: string) =>
      decideUsage(access, { id, as, by, reason }),
    total: async () => (await readUsageTotals(access, 'i'))[0]?.value,
  };
}

it('what was given up counts again once the marketplace shows that it was billed, and both decisions are kept', async () => {
  const { report, record, decide, total } = makeChannel();
  await report('a', 'i', '013');
  await decide('a', 'lost', 'eve', 'not on the console');
  expect(await total()).toBe('0');
  const billed = await decide('a', 'billed', 'ann', 'on the statement of May');
  expect(billed).toMatchObject({
    ...{ state: 'settled', decision: 'billed', decidedBy: 'ann', reason: 'on the statement of May' },
    formerDecisions: [{ decision: 'lost', by: 'eve', reason: 'not on the console', at: expect.any(Number) }],
  });
  expect(await total()).toBe('5');
  // Once and for all; and its span is no other's.
  for (const as of ['billed', 'lost', 'retry', 'abnormal'] as const)
    await expect(decide('a', as, 'eve', '')).rejects.toMatchObject({ code: 'USAGE_STATE' });
  expect(await record('b', 'i')).toMatchObject([{ verdict: 'spanTaken' }]);
  expect(await total()).toBe('5');
});

it('what was given up does not count beside the record that has its span since', async () => {
  const { report, record, decide, total } = makeChannel();
  await report('a', 'i', '013');
  await decide('a', 'lost', 'eve', '');
  await record('b', 'i', '4');
  const refused = decide('a', 'billed', 'ann', '');
  await expect(refused).rejects.toMatchObject({ code: 'USAGE_STATE', message: expect.stringContaining('b') });
  expect(await total()).toBe('4');
  await decide('b', 'lost', 'ann', 'it was a');
  await decide('a', 'billed', 'ann', '');
  expect(await total()).toBe('5');
});

it('what was never sent cannot have been billed', async () => {
  const { record, decide } = makeChannel();
  await record('a', 'i');
  await decide('a', 'lost', 'eve', '');
  await expect(decide('a', 'billed', 'eve', '')).rejects.toMatchObject({ code: 'USAGE_STATE' });
});

it('all are reported again but those that the marketplace says to have, unless these are named', async () => {
  const { access, report } = makeChannel();
  for (const code of ['013', '010', '005']) await report(`sn-${code}`, `i${code}`, code);
  const durable = new Durable(access.redis);
  onTestFinished(() => durable.close());
  const usage = new UsageCases({
    ...{ access, durable, channel: channelOf(access.slug, 'http://127.0.0.1/') },
    ...{ settings: { durability: 'relaxed' }, now: Date.now },
  });
  expect(await usage.retryAll(BY)).toBe(1);
  const { records } = await usage.list({ state: 'abnormal', limit: 9 });
  expect(records.map(({ code }) => code).sort()).toEqual(['005', '010']);
  expect(await usage.retryAll({ ...BY, code: '005' })).toBe(1);
});
