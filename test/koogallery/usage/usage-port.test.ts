import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { readUsageFile } from '../../../src/koogallery/usage/read-usage-file.ts';
import { recordUsage } from '../../../src/koogallery/usage/record.ts';
import { instanceFactsOf, usageFiguresOf } from '../../../src/koogallery/usage/usage-port.ts';
import { openMarketplace } from '../../support/koogallery/marketplace.ts';
import { creation, doChange, makeChannel, wish } from '../../support/koogallery/registry.ts';
import { makeUsage } from '../../support/open-apis.ts';
import { connectTestRedis } from '../../support/redis.ts';

it('a package of two charge items is told in two figures, each with its pay-per-use instance', async () => {
  const redis = connectTestRedis();
  const { post, access } = await openMarketplace({
    redis,
    channel: { chargingModes: ['on-demand', 'on-demand-package'] },
    options: { usageOf: ({ slug }, { id }) => usageFiguresOf({ redis, slug }, id) },
  });
  for (const id of ['pkg', 'sms', 'mms']) {
    await post({ activity: 'newInstance', orderId: id, orderLineId: `${id}-1`, businessId: id });
    await redis.hset(channelKeys(access.slug).instance(id), 'readyAt', Date.now());
  }
  const use = (instance: string, value: string) => ({
    ...makeUsage(instance, 1, value),
    relatedPackage: 'pkg',
  });
  await recordUsage(access, [use('sms', '100'), use('mms', '49.9999')], { by: 'test' });
  const { json } = await post({ activity: 'queryInstance', instanceId: 'pkg,sms' });
  const statisticalTime = expect.stringMatching(/^\d{17}$/);
  expect(json.info.map(({ usageInfo }: { usageInfo: unknown }) => usageInfo)).toEqual([
    [
      { relatedInstanceId: 'mms', usageValue: 49.9999, statisticalTime },
      { relatedInstanceId: 'sms', usageValue: 100, statisticalTime },
    ],
    [{ usageValue: 100, statisticalTime }],
  ]);
});

it('the rules hear when an instance was created and released, and what its order says of it', async () => {
  const access = makeChannel();
  for (const id of ['a', 'b']) await doChange(access, creation(id, { orderKey: id }));
  await doChange(access, wish('release', 'b'));
  const order = { orderLine: [{ orderLineId: 'x', chargingMode: 'ON_DEMAND_PKG' }] };
  await access.redis.hset(channelKeys(access.slug).instance('a'), 'order', JSON.stringify(order));
  const facts = await instanceFactsOf(access, { chargingModes: ['on-demand'] }, ['a', 'b', 'c']);
  expect(Object.fromEntries(facts)).toEqual({
    a: { createdAt: expect.any(Number), isPayPerUse: false },
    b: { createdAt: expect.any(Number), releasedAt: expect.any(Number) },
  });
  const others = await instanceFactsOf(access, { chargingModes: ['period'] }, ['b']);
  expect(others.get('b')).toMatchObject({ isPayPerUse: false });
});

const line = (orderLineId: string, chargingMode: string) => ({ orderLineId, chargingMode });

it.each([
  ['the pay-per-use instance beside a package', [line('x', 'ON_DEMAND')], true],
  ['the package', [line('x', 'ON_DEMAND_PKG')], false],
  ['one whose order was not queried', undefined, undefined],
  [
    'one of several lines, none of which is its own',
    [line('x', 'PERIOD'), line('y', 'ON_DEMAND')],
    undefined,
  ],
])(
  'a channel that sells packages alone knows of %s whether it is pay-per-use',
  async (_, lines, expected) => {
    const access = makeChannel();
    await doChange(access, creation('i'));
    const order = JSON.stringify({ orderLine: lines });
    if (lines) await access.redis.hset(channelKeys(access.slug).instance('i'), 'order', order);
    const facts = await instanceFactsOf(access, { chargingModes: ['on-demand-package'] }, ['i']);
    expect(facts.get('i')?.isPayPerUse).toBe(expected);
  },
);

const read = (text: string) => readUsageFile({ stream: Readable.from([Buffer.from(text)]) });

it('reads tables in either spelling, and lines of JSON', async () => {
  const record = { instanceId: 'a', beginTime: 'b', endTime: 'e', value: '1.5' };
  const csv = 'Instance_ID,begin_time,end_time,usage_value,metering_sn\na,b,e,1.5,\na,b,e,1.5,sn\n';
  expect(await read(csv)).toEqual([record, { ...record, meteringSn: 'sn' }]);
  expect(await read(`${JSON.stringify(record)}\n`)).toEqual([record]);
});

it.each([
  ['instance_id,begin_time,end_time\n', 'INPUT_HEADER'],
  ['instance_id,begin_time,end_time,usage_value,value\n', 'INPUT_HEADER'],
  ['instance_id,begin_time,end_time,usage_value\n', 'INPUT_EMPTY'],
  ['instance_id,begin_time,end_time,usage_value\na,b,e,1,2\n', 'COLUMN_COUNT'],
])('refuses %j', async (text, code) => {
  await expect(read(text)).rejects.toMatchObject({ code });
});
