/** Which product the webhook is told of: that of the task, not that of a later one. */
import { expect, it } from 'vitest';
import { retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import type { Change } from '../../../src/koogallery/registry/accept.ts';
import { readInstance } from '../../../src/koogallery/registry/read-instance.ts';
import { creation, doChange, makeChannel, refresh, wish } from '../../support/koogallery/registry.ts';
import { channelOf, startWebhook, workOf } from '../../support/koogallery/webhook.ts';
import { openApisForTest } from '../../support/open-apis.ts';
import { SELLER } from '../../support/seller.ts';

const END = Date.now() + 86_400_000;
const upgrade: Change = { op: 'note', id: 'i', task: 'instance.upgrade', dedupe: 'u' } as Change;
const renewal = (productId: string) =>
  refresh('i', END, { set: { expireAt: String(END), productId } } as never);

const productsOf = ({ calls }: Awaited<ReturnType<typeof startWebhook>>) =>
  calls.map(({ type, body: { product } }) => [
    type.replace('instance.', ''),
    (product as { productId?: string } | undefined)?.productId,
  ]);

async function createShop() {
  const access = makeChannel();
  const apis = await openApisForTest();
  const webhook = await startWebhook();
  const usage = { interface: 'new', withAccessKey: true } as const;
  const channel = channelOf(access.slug, webhook.url, { openApi: { ...SELLER, origin: apis.origin, usage } });
  const work = workOf(access, { channel });
  await doChange(access, creation('i', { set: { productId: 'p1', skuCode: 's1' } } as never));
  await doChange(access, upgrade, { fields: { orderId: 'o', orderLineId: 'l' } });
  return { access, apis, webhook, work };
}

type Shop = Awaited<ReturnType<typeof createShop>>;

/** The marketplace knows the order of the upgrade only after a first attempt. */
async function workLate({ access, apis, work }: Shop): Promise<void> {
  await work.workOn('i');
  const productInfo = [{ productId: 'p2' }];
  const orderLine = [{ orderLineId: 'l', expireTime: '20270801000000', productInfo }];
  apis.orders.add({ orderId: 'o', orderType: 'CHANGE', orderLine, buyerInfo: { customerId: 'c' } });
  await retryTasks(access, { id: 'i', by: 'me' });
  await work.workOn('i');
}

it('leaves a later product as it is when the order of an upgrade is known late', async () => {
  const shop = await createShop();
  await doChange(shop.access, wish('freeze', 'i'));
  await doChange(shop.access, renewal('p3'));
  await workLate(shop);
  expect(productsOf(shop.webhook)).toEqual([
    ['create', 'p1'],
    ['upgrade', 'p2'],
    ['freeze', 'p2'],
    ['refresh', 'p3'],
    ['unfreeze', 'p3'],
  ]);
  expect(await readInstance(shop.access, 'i')).toMatchObject({ productId: 'p3' });
});

it('changes the product of the instance where nothing later names one', async () => {
  const shop = await createShop();
  await workLate(shop);
  const instance = await readInstance(shop.access, 'i');
  expect(instance).toMatchObject({ productId: 'p2' });
  // Of another product.
  expect(instance?.skuCode).toBeUndefined();
});

it('tells of the product that was bought, though a renewal has changed it before the first attempt', async () => {
  const access = makeChannel();
  const webhook = await startWebhook();
  await doChange(access, creation('i', { set: { productId: 'p1' } } as never));
  await doChange(access, refresh('i', END + 1));
  await doChange(access, renewal('p2'));
  await workOf(access, { channel: channelOf(access.slug, webhook.url) }).workOn('i');
  expect(productsOf(webhook)).toEqual([
    ['create', 'p1'],
    ['refresh', 'p1'],
    ['refresh', 'p2'],
  ]);
});
