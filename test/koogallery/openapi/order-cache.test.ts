/** The marketplace limits how often it may be asked for orders. */
import { expect, it } from 'vitest';
import { OrderCache } from '../../../src/koogallery/openapi/order-cache.ts';
import { openApisForTest } from '../../support/open-apis.ts';
import { clientOf } from '../../support/seller.ts';

const lineOf = (orderLineId: string) => ({ orderLineId, productInfo: [{ productId: `p-${orderLineId}` }] });
const ORDER = { orderId: 'o', orderType: 'NEW', orderLine: [lineOf('a'), lineOf('b')] };

async function open() {
  const apis = await openApisForTest();
  const clock = { ms: 1_000_000 };
  const cache = new OrderCache({ now: () => clock.ms });
  const asked: unknown[] = [];
  const client = clientOf(apis.origin);
  const call = client.call.bind(client);
  client.call = (each) => {
    asked.push(each.query);
    return call(each);
  };
  const ask = (orderLineId: string, since?: number) =>
    cache.ask(client, { orderId: 'o', orderLineId, since });
  return { apis, clock, asked, ask };
}

it('asks once for all tasks of an order, and gives each its own line', async () => {
  const { apis, clock, asked, ask } = await open();
  apis.orders.add(ORDER);
  const all = await Promise.all(['a', 'b', 'a', 'b', 'a'].map((line) => ask(line)));
  expect(asked).toEqual([{ orderId: 'o' }]);
  expect(all.map(({ order }) => order.orderLine.map(({ orderLineId }) => orderLineId))).toEqual([
    ...[['a'], ['b'], ['a'], ['b'], ['a']],
  ]);
  expect(all[1]?.raw).toEqual({ ...ORDER, orderLine: [lineOf('b')] });
  clock.ms += 30_001;
  await ask('a');
  expect(asked).toHaveLength(2);
});

it('asks for a line that the order was told without', async () => {
  const { apis, asked, ask } = await open();
  apis.orders.add(ORDER);
  await ask('a');
  apis.orders.add({ ...ORDER, orderLine: [lineOf('c')] });
  expect((await ask('c')).order.orderLine[0]?.orderLineId).toBe('c');
  expect(asked).toEqual([{ orderId: 'o' }, { orderId: 'o', orderLineId: 'c' }]);
});

it('does not ask again at once for an order that is unknown, unless a person wants it', async () => {
  const { apis, clock, asked, ask } = await open();
  for (let time = 0; time < 3; time += 1)
    await expect(ask('a')).rejects.toMatchObject({ code: 'MARKETPLACE_REFUSED' });
  expect(asked).toHaveLength(1);
  apis.orders.add(ORDER);
  clock.ms += 1;
  expect((await ask('a', clock.ms)).order.orderId).toBe('o');
  expect(asked).toHaveLength(2);
});
