/** What the seller's webhook is told, where a call says less, or something odd. */
import { expect, it } from 'vitest';
import { formatUtc14 } from '../../../src/koogallery/protocol/time.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { type Marketplace, openMarketplace } from '../../support/koogallery/marketplace.ts';
import { startWebhook, workOf } from '../../support/koogallery/webhook.ts';

const BUYER = { activity: 'newInstance', customerId: 'c' };
const NEWS = { activity: 'orderNotify', orderId: 'o', orderLineId: 'l' };
const typesOf = async ({ access }: Marketplace, id: string) =>
  (await readTasks(access, id)).map(({ type }) => type);

it('finds the instance of a V1.0 order by news that name no product, unless there are several', async () => {
  const channel = { generation: 'saas-v1', chargingModes: ['on-demand'] } as const;
  const marketplace = await openMarketplace({ channel: { ...channel, chargingModes: ['on-demand'] } });
  await marketplace.get({ ...BUYER, orderId: 'o', businessId: 'b1', productId: 'p1' });
  expect((await marketplace.post(NEWS)).code).toBe('000000');
  expect(await typesOf(marketplace, 'b1')).toEqual(['instance.create', 'order.notify']);
  await marketplace.get({ ...BUYER, orderId: 'o', businessId: 'b2', productId: 'p2' });
  expect((await marketplace.post({ ...NEWS, orderLineId: 'l2' })).code).toBe('000000');
  expect(await typesOf(marketplace, 'b1')).toHaveLength(2);
  expect(await typesOf(marketplace, 'b2')).toEqual(['instance.create']);
});

it('keeps the SKU of V1.0 at a renewal, and tells none where nobody knows whether it is the same', async () => {
  const marketplace = await openMarketplace({ channel: { generation: 'saas-v1' } });
  await marketplace.get({ ...BUYER, orderId: 'o', businessId: 'b', productId: 'p1', skuCode: 's1' });
  const renew = (orderId: string, more: Record<string, string>) =>
    marketplace.get({
      ...{ activity: 'refreshInstance', instanceId: 'b', orderId },
      ...{ expireTime: formatUtc14(new Date(Date.now() + 86_400_000)), ...more },
    });
  await renew('o2', { productId: 'p2' });
  await renew('o3', { productId: 'p2', trialToFormal: '1' });
  await renew('o4', { productId: 'p3', trialToFormal: '1' });
  const products = (await readTasks(marketplace.access, 'b')).map(({ productId, skuCode }) => [
    productId,
    skuCode,
  ]);
  expect(products).toEqual([
    ['p1', 's1'],
    ['p2', 's1'],
    ['p2', 's1'],
    ['p3', undefined],
  ]);
  expect((await readInstance(marketplace.access, 'b'))?.skuCode).toBeUndefined();
});

it('passes on what begins like a sealed text as it came', async () => {
  const webhook = await startWebhook();
  const provision = {
    kind: 'webhook',
    url: webhook.url,
    secret: 'a secret that only the webhook knows',
  } as const;
  const marketplace = await openMarketplace({ channel: { provision } });
  const odd = (name: string) => `sealed1.${name}`;
  const create = {
    ...{ activity: 'newInstance', orderId: odd('o'), orderLineId: odd('l'), businessId: odd('b') },
    ...{ [odd('name')]: odd('value'), nested: [{ [odd('n')]: [odd('v')] }], mobilePhone: odd('phone') },
  };
  expect((await marketplace.post(create)).code).toBe('000004');
  const renewal = { activity: 'refreshInstance', scene: odd('s'), orderId: odd('r'), orderLineId: odd('l') };
  const more = { instanceId: odd('b'), productId: odd('p'), expireTime: '20991231000000' };
  expect((await marketplace.post({ ...renewal, ...more })).code).toBe('000000');
  await workOf(marketplace.access, { channel: marketplace.channel }).workOn(odd('b'));
  const [created, renewed] = webhook.calls.map(({ body }) => body);
  expect(created).toMatchObject({ instanceId: odd('b'), fields: create, order: { ...create } });
  expect(renewed).toMatchObject({ fields: { ...renewal, ...more }, product: { productId: odd('p') } });
});
