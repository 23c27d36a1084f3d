import { expect, it } from 'vitest';
import { uploadEventFile } from '../../../src/koogallery/openapi/event-file.ts';
import { activateLicense, queryLicense } from '../../../src/koogallery/openapi/license.ts';
import { MOCK_ORDERS, mockOrderLine, queryOrder } from '../../../src/koogallery/openapi/order-query.ts';
import { openApisForTest } from '../../support/open-apis.ts';
import { clientOf } from '../../support/seller.ts';

it.each(MOCK_ORDERS)('reads the mock order %s', async (orderId) => {
  const apis = await openApisForTest();
  const orderLineId = mockOrderLine(orderId);
  const { order, raw } = await queryOrder(clientOf(apis.origin), { orderId, orderLineId });
  expect(order).toMatchObject({ orderId, createTime: Date.UTC(2026, 7, 1) });
  expect(order.orderLine[0]).toMatchObject({
    orderLineId,
    productInfo: [{ productId: '00301-666666-0--0', skuCode: 'sku-1' }],
  });
  expect(raw).toMatchObject({ orderId });
});

it('reads an order that has little, and keeps what it does not know', async () => {
  const apis = await openApisForTest();
  const line = { orderLineId: 'O1-1', productInfo: { productId: 4711 }, expireTime: 'soon', priceTag: 'p' };
  apis.orders.add({ orderId: 'O1', orderType: 'NEWER', orderLine: [line], buyerInfo: 'nobody' });
  const { order, raw } = await queryOrder(clientOf(apis.origin), { orderId: 'O1' });
  expect(order).toEqual({
    orderId: 'O1',
    orderType: 'NEWER',
    createTime: undefined,
    buyerInfo: undefined,
    extendParams: [],
    orderLine: [{ orderLineId: 'O1-1', productInfo: [{ productId: '4711' }] }],
  });
  expect(raw).toMatchObject({ orderLine: [{ priceTag: 'p' }] });
});

it('says what an order lacks, and that it is refused', async () => {
  const apis = await openApisForTest();
  apis.orders.add({ orderId: 'O2', orderType: 'NEW', orderLine: [{ orderLineId: 'O2-1', productInfo: [] }] });
  const client = clientOf(apis.origin);
  await expect(queryOrder(client, { orderId: 'O2' })).rejects.toMatchObject({
    code: 'MARKETPLACE_UNREADABLE',
    message: 'The answer about an order lacks orderInfo.orderLine.0.productInfo, or it is odd.',
  });
  await expect(queryOrder(client, { orderId: 'O3' })).rejects.toMatchObject({
    code: 'MARKETPLACE_REFUSED',
    peerCode: 'CBC.0150',
  });
});

it('activates a licence and asks how it stands', async () => {
  const apis = await openApisForTest();
  const client = clientOf(apis.origin);
  apis.licenses.add('PL1');
  await expect(queryLicense(client, 'PL1')).rejects.toMatchObject({ peerCode: '92020004' });
  const effectiveFrom = new Date('2026-08-01T00:00:00Z');
  expect(await activateLicense(client, { license: 'PL1', effectiveFrom })).toMatchObject({
    status: 'ALIVE',
    expireTime: '20270801000000',
    amount: '1',
  });
  expect(await queryLicense(client, 'PL1')).toMatchObject({ status: 'ALIVE', raw: { license_code: 'PL1' } });
  await expect(activateLicense(client, { license: 'PL2' })).rejects.toMatchObject({ peerCode: '92020005' });
});

it('uploads a file for an event, its bytes as they are', async () => {
  const apis = await openApisForTest();
  const content = Buffer.from([0, 1, 255, 13, 10, 45, 45]);
  await uploadEventFile(clientOf(apis.origin), { eventId: 'e/1', fileName: 'a"b.lic', content });
  const body = apis.files.get('e/1') ?? Buffer.alloc(0);
  expect(body.includes(content)).toBe(true);
  expect(body.toString('latin1')).toContain('name="file"; filename="a%22b.lic"\r\n');
});
