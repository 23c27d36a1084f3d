import { expect, it } from 'vitest';
import { addressesOf } from '../../../src/koogallery/channels.ts';
import { encodeExtendParams } from '../../../src/koogallery/protocol/fields.ts';
import { decryptField, encryptField } from '../../../src/koogallery/protocol/sensitive-field.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { KEY, makeOpenChannel, openMarketplace, PREVIOUS_KEY } from '../../support/koogallery/marketplace.ts';

const CIPHER = { key: KEY, encryptType: '1' } as const;
const CREATE = {
  ...{ activity: 'newInstance', customerId: 'c1', customerName: '客户 & Co=+/', orderId: 'CS1' },
  ...{ productId: 'p1', skuCode: 's1', chargingMode: '1', expireTime: '20990101000000' },
};

it('tells the same address for ever, and keeps who bought with what nobody may read sealed', async () => {
  const { get, access, channel } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  const call = {
    ...CREATE,
    mobilePhone: encryptField(CIPHER, '13800000000'),
    email: encryptField(CIPHER, 'user@example.com'),
    saasExtendParams: encodeExtendParams([{ name: 'idNum', value: '110101' }]),
    unknownField: 'a+b',
  };
  const first = await get({ ...call, businessId: 'b1' });
  expect(first.json).toMatchObject({ resultCode: '000000', instanceId: 'b1', encryptType: '1' });
  // The template may change; what was told does not.
  channel.frontEndUrl = 'https://elsewhere.example/';
  const again = await get({ ...call, businessId: 'b2', productId: 'p1-changed' });
  expect(again.json).toEqual(first.json);
  expect(first.json.appInfo).toEqual({ frontEndUrl: 'https://app.example/i/b1' });
  const instance = await readInstance(access, 'b1');
  expect(instance).toMatchObject({
    state: 'opening',
    skuCode: 's1',
    productId: 'p1',
    expireAt: Date.UTC(2099, 0, 1),
  });
  expect(instance?.buyer).toMatchObject({ customerId: 'c1', customerName: CREATE.customerName });
  expect(sealOf(channel).open(instance?.buyer?.mobilePhone ?? '')).toBe('13800000000');
  expect(sealOf(channel).open(instance?.buyer?.email ?? '')).toBe('user@example.com');
  const [task] = await readTasks(access, 'b1');
  expect(task?.fields).toMatchObject({
    unknownField: 'a+b',
    saasExtendParams: expect.stringMatching(/^sealed1/),
  });
});

it('makes an instance for each product of a pay-per-use order', async () => {
  const modes = ['period', 'on-demand'] as const;
  const { get } = await openMarketplace({ channel: { generation: 'saas-v1', chargingModes: [...modes] } });
  const byUse = { ...CREATE, chargingMode: '2', orderId: 'CS9' };
  const idOf = async (call: Record<string, string>) => (await get(call)).json.instanceId;
  expect(await idOf({ ...byUse, businessId: 'b1', productId: 'p1' })).toBe('b1');
  expect(await idOf({ ...byUse, businessId: 'b2', productId: 'p2' })).toBe('b2');
  expect(await idOf({ ...byUse, businessId: 'b3', productId: 'p1' })).toBe('b1');
  expect(await idOf({ ...CREATE, businessId: 'b4', productId: 'p1' })).toBe('b4');
  expect(await idOf({ ...CREATE, businessId: 'b5', productId: 'p2' })).toBe('b4');
});

it('takes an instance through its life, whatever is sent again', async () => {
  const { get, access } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  await get({ ...CREATE, businessId: 'b' });
  const about = { instanceId: 'b', orderId: 'CS1' };
  const life: Record<string, string>[] = [
    { activity: 'queryInstance', instanceId: 'b' },
    { activity: 'expireInstance', ...about },
    {
      activity: 'refreshInstance',
      ...about,
      orderId: 'CS2',
      expireTime: '20991231000000',
      orderAmount: '10',
    },
    { activity: 'instanceStatus', instanceId: 'b', instanceStatus: 'FREEZE' },
    { activity: 'instanceStatus', instanceId: 'b', instanceStatus: 'NORMAL' },
    { activity: 'upgrade', ...about, orderId: 'CS3', skuCode: 's2', productId: 'p2', amount: '5' },
    { activity: 'releaseInstance', ...about },
  ];
  for (const call of life)
    for (let time = 0; time < 3; time += 1)
      expect([call.activity, (await get(call)).code]).toEqual([call.activity, '000000']);
  expect((await readTasks(access, 'b')).map(({ type }) => type.replace('instance.', ''))).toEqual([
    'create',
    'freeze',
    'refresh',
    'unfreeze',
    'freeze',
    'unfreeze',
    'upgrade',
    'release',
  ]);
  expect(await readInstance(access, 'b')).toMatchObject({
    skuCode: 's2',
    productId: 'p2',
    state: 'released',
  });
  expect((await get({ activity: 'expireInstance', ...about })).code).toBe('000000');
  expect((await get({ activity: 'releaseInstance', ...about, instanceId: 'never' })).code).toBe('000003');
});

it('encrypts under the key under which it was asked', async () => {
  const { get } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  const { json, signedBy } = await get({ ...CREATE, businessId: 'b', testFlag: '1' }, { key: PREVIOUS_KEY });
  expect(signedBy).toBe('previous');
  const cipher = { key: PREVIOUS_KEY, encryptType: '1' } as const;
  expect(decryptField(cipher, json.appInfo.userName)).toBe('debug');
});

it('is notified of orders by POST', async () => {
  const { get, post, access } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  await get({ ...CREATE, businessId: 'b' });
  expect((await post({ activity: 'orderNotify', orderId: 'CS1', orderLineId: 'l' })).code).toBe('000000');
  expect((await readTasks(access, 'b')).map(({ type }) => type)).toContain('order.notify');
  expect(
    (await post({ activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'x' })).code,
  ).toBe('000002');
});

it('has an address for each instance', () => {
  expect(addressesOf(makeOpenChannel(), 'x')).toEqual({ frontEndUrl: 'https://app.example/i/x' });
});

it('makes no second instance of an old order when the charging modes of the channel change', async () => {
  const { get, channel } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  const { chargingMode: _, ...bare } = CREATE;
  const create = async (businessId: string, more: Record<string, string>) =>
    (await get({ ...bare, businessId, ...more })).json.instanceId;
  const renewal = { activity: 'refreshInstance', orderId: 'r', expireTime: '20990101000000' };
  expect(await create('b1', { orderId: 'o1', productId: 'p1' })).toBe('b1');
  channel.chargingModes = ['period', 'on-demand'];
  expect(await create('b2', { orderId: 'o1', productId: 'p1' })).toBe('b1');
  // Of another product it is another instance, as it is in every pay-per-use order.
  expect(await create('b3', { orderId: 'o1', productId: 'p2' })).toBe('b3');
  await get({ ...renewal, instanceId: 'b1', productId: 'p9' });
  expect(await create('b4', { orderId: 'o1', productId: 'p1' })).toBe('b1');
  expect(await create('b5', { orderId: 'o2', productId: 'p1' })).toBe('b5');
  channel.chargingModes = ['period'];
  expect(await create('b6', { orderId: 'o1', productId: 'p2' })).toBe('b3');
  expect(await create('b7', { orderId: 'o2', productId: 'p1' })).toBe('b5');
});
