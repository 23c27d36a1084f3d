import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { formatChina17 } from '../../../src/koogallery/protocol/time.ts';
import { sealAccess } from '../../../src/koogallery/registry/access.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { openMarketplace, PREVIOUS_KEY } from '../../support/koogallery/marketplace.ts';

const CREATE = { activity: 'newInstance', orderId: 'CS1', orderLineId: 'CS1-000001' };
const create = (businessId: string) => ({ ...CREATE, businessId });

it('takes an instance through its life, whatever is sent again', async () => {
  const { post, access } = await openMarketplace();
  const first = await post(create('b1'));
  expect(first.json).toMatchObject({ resultCode: '000004', instanceId: 'b1' });
  expect((await post(create('b2'))).json).toMatchObject({ resultCode: '000004', instanceId: 'b1' });
  const query = { activity: 'queryInstance', instanceId: 'b1' };
  expect(await post(query)).toMatchObject({ code: '000004' });
  await access.redis.hset(channelKeys(access.slug).instance('b1'), 'readyAt', Date.now());
  expect((await post(create('b3'))).json).toMatchObject({ resultCode: '000000', instanceId: 'b1' });
  expect((await post(query)).json.info).toEqual([
    { instanceId: 'b1', appInfo: { frontEndUrl: 'https://app.example/i/b1' } },
  ]);
  const about = { instanceId: 'b1', orderId: 'CS2', orderLineId: 'CS2-000001' };
  const life = [
    {
      activity: 'refreshInstance',
      ...about,
      scene: 'RENEWAL',
      expireTime: '20991231000000',
      productId: 'p2',
    },
    { activity: 'updateInstanceStatus', instanceId: 'b1', status: 'FREEZE' },
    { activity: 'updateInstanceStatus', instanceId: 'b1', status: 'UNFREEZE' },
    { activity: 'upgradeInstance', ...about },
    { activity: 'changeInstanceCheck', instanceId: 'b1', productInfo: '{"productId":"p3"}' },
    { activity: 'releaseInstance', ...about },
  ];
  for (const call of life)
    for (let time = 0; time < 3; time += 1)
      expect([call.activity, (await post(call)).code]).toEqual([call.activity, '000000']);
  expect((await readTasks(access, 'b1')).map(({ type }) => type)).toEqual(
    ['create', 'refresh', 'freeze', 'unfreeze', 'upgrade', 'release'].map((word) => `instance.${word}`),
  );
  expect(await readInstance(access, 'b1')).toMatchObject({
    ...{ state: 'released', productId: 'p2', orderId: 'CS1', orderLineId: 'CS1-000001' },
    expireAt: Date.UTC(2099, 11, 31),
  });
  expect((await post(query)).code).toBe('000003');
});

it('gives 50 identical creates at once the same instance', async () => {
  const { post, access } = await openMarketplace();
  const all = await Promise.all(Array.from({ length: 50 }, (_, index) => post(create(`b${index}`))));
  expect(new Set(all.map(({ json }) => json.instanceId)).size).toBe(1);
  expect(await access.redis.zcard(channelKeys(access.slug).due)).toBe(1);
});

it('makes up an id where the one proposed is taken, or none that can be used', async () => {
  const { post } = await openMarketplace();
  expect((await post(create('same'))).json.instanceId).toBe('same');
  const other = { ...create('same'), orderLineId: 'CS1-000002' };
  const { instanceId } = (await post(other)).json;
  expect(instanceId).toMatch(/^[0-9a-f-]{36}$/);
  expect((await post(other)).json.instanceId).toBe(instanceId);
  const odd = { ...create('x:tasks'), orderLineId: 'CS1-000003' };
  expect((await post(odd)).json.instanceId).toMatch(/^[0-9a-f-]{36}$/);
});

it('is ready at once where nobody provisions', async () => {
  const { post } = await openMarketplace({ channel: { provision: { kind: 'none' } } });
  expect((await post(create('b'))).code).toBe('000000');
  expect((await post({ activity: 'queryInstance', instanceId: 'b' })).json.info).toHaveLength(1);
});

it('says that a create was refused for good', async () => {
  const { post, access } = await openMarketplace();
  await post(create('b'));
  await access.redis.hset(channelKeys(access.slug).instance('b'), 'refusal', 'no');
  expect((await post(create('b'))).code).toBe('000104');
  const query = (instanceId: string) => post({ activity: 'queryInstance', instanceId });
  // The documents know 000104 only as an answer to a create.
  expect((await query('b')).code).toBe('000003');
  await post({ ...create('waiting'), orderLineId: 'CS1-000002' });
  expect((await query('b,waiting')).code).toBe('000004');
});

it('tells what the seller answered of an instance, and usage where it sells by use', async () => {
  const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6));
  const usageOf = async () => [
    { relatedInstanceId: 'sms', value: 12.34567, at },
    { relatedInstanceId: 'mms', value: 5, at },
  ];
  const { post, access, channel } = await openMarketplace({
    channel: { chargingModes: ['on-demand-package'], provision: { kind: 'none' } },
    options: { usageOf },
  });
  await post(create('b'));
  const told = { frontEndUrl: 'https://own.example/', userName: 'u', password: '密码', memo: '说明' };
  const sealed = sealAccess(sealOf(channel), told);
  await access.redis.hset(channelKeys(access.slug).instance('b'), 'access', sealed);
  const { json } = await post({ activity: 'queryInstance', instanceId: 'b' });
  expect(json.info[0].appInfo).toEqual(told);
  expect(json.info[0].usageInfo).toEqual([
    { relatedInstanceId: 'sms', usageValue: 12.3457, statisticalTime: '20260102030405006' },
    { relatedInstanceId: 'mms', usageValue: 5, statisticalTime: '20260102030405006' },
  ]);
});

it('tells of several instances those that can be told', async () => {
  const { post, access } = await openMarketplace({ channel: { chargingModes: ['on-demand'] } });
  for (const id of ['a', 'b']) await post({ ...create(id), orderLineId: id });
  await access.redis.hset(channelKeys(access.slug).instance('a'), 'readyAt', Date.now());
  const { json } = await post({ activity: 'queryInstance', instanceId: 'a,b,unknown' });
  expect(json.info).toMatchObject([{ instanceId: 'a', usageInfo: [{ usageValue: 0 }] }]);
  expect((await post({ activity: 'queryInstance', instanceId: 'unknown' })).code).toBe('000003');
});

it('does not know what was never bought', async () => {
  const { post } = await openMarketplace();
  const about = { instanceId: 'never', orderId: 'o', orderLineId: 'l' };
  for (const call of [
    { activity: 'refreshInstance', ...about, scene: 'RENEWAL', expireTime: '20991231000000' },
    { activity: 'updateInstanceStatus', instanceId: 'never', status: 'FREEZE' },
    { activity: 'releaseInstance', instanceId: 'a:b' },
    { activity: 'upgradeInstance', ...about },
    { activity: 'changeInstanceCheck', instanceId: 'never', productInfo: {} },
  ])
    expect([call.activity, (await post(call)).code]).toEqual([call.activity, '000003']);
});

it('takes back no freeze because a renewal is taken back', async () => {
  const { post, access } = await openMarketplace();
  await post(create('b'));
  await post({ activity: 'updateInstanceStatus', instanceId: 'b', status: 'FREEZE' });
  const about = {
    activity: 'refreshInstance',
    instanceId: 'b',
    orderLineId: 'l',
    expireTime: '20991231000000000',
  };
  await post({ ...about, orderId: 'o1', scene: 'UNSUBSCRIBE_RENEWAL_PERIOD' });
  expect(await readInstance(access, 'b')).toMatchObject({ wanted: 'frozen' });
  await post({ ...about, orderId: 'o2', scene: 'RENEWAL' });
  expect(await readInstance(access, 'b')).toMatchObject({ wanted: 'active' });
});

it('answers under the key under which it was asked', async () => {
  const { post } = await openMarketplace();
  expect(await post(create('b'), { key: PREVIOUS_KEY })).toMatchObject({
    code: '000004',
    signedBy: 'previous',
  });
  expect(await post(create('b'))).toMatchObject({ signedBy: 'current' });
});

it('keeps the news of an order', async () => {
  const { post, access } = await openMarketplace();
  const news = { activity: 'orderNotify', orderId: 'CS1', orderLineId: 'CS1-000001' };
  for (let time = 0; time < 3; time += 1) expect((await post(news)).code).toBe('000000');
  const due = await access.redis.zrange(channelKeys(access.slug).due, '0', '-1');
  expect(due).toEqual([expect.stringMatching(/^order\.[0-9a-f]{32}$/)]);
  await post(create('b'));
  await post(news);
  expect((await readTasks(access, 'b')).map(({ type }) => type)).toEqual(['instance.create', 'order.notify']);
});

it('takes what belongs to joint operation, whose deletes need no instance', async () => {
  const { post, kit, access } = await openMarketplace();
  const about = {
    instanceId: 'b',
    orderId: 'CS1',
    tenantId: 't',
    testFlag: 0,
    timeStamp: formatChina17(new Date()),
  };
  expect(await kit('tenantSync', { ...about, flag: 1 })).toMatchObject({ code: '000003', signedBy: 'kit' });
  expect((await kit('tenantSync', { ...about, flag: 0 })).code).toBe('000000');
  await post(create('b'));
  for (let time = 0; time < 3; time += 1)
    expect((await kit('tenantSync', { ...about, flag: 1 })).code).toBe('000000');
  const auth = { ...about, flag: 1, userName: 'Li', mobile: '13800000000', clientSecret: 'hush' };
  for (const [activity, version] of [
    ['authSync', 2],
    ['singleOrgSync', 1],
  ] as const)
    expect((await kit(activity, auth, { version })).code).toBe('000000');
  expect((await kit('applicationSync', about)).code).toBe('000000');
  expect((await kit('allOrgSync', { ...about, orgInfoList: [] })).code).toBe('000000');
  expect((await kit('nothingSync', about)).code).toBe('000001');
  const tasks = await readTasks(access, 'b');
  expect(tasks.map(({ type }) => type).slice(1)).toEqual([
    'kit.tenant',
    'kit.auth',
    'kit.org',
    'kit.application',
    'kit.orgs',
  ]);
  expect(tasks.at(-1)?.fields.orgInfoList).toEqual([]);
  expect(tasks[2]?.fields).toMatchObject({ userName: 'Li', mobile: expect.stringMatching(/^sealed1\./) });
  expect(JSON.stringify(tasks)).not.toMatch(/13800000000|hush/);
});
