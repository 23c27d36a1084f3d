/**
 * Purchases that become customers of Chat App without a hand: receiver and workers in processes of their own, between the
 * simulated marketplace and the simulated Chat App.
 */
import { expect, it } from 'vitest';
import { formLinkOf } from '../../src/koogallery/form/link.ts';
import { readTasks } from '../../src/koogallery/registry/read-instance.ts';
import {
  ask,
  buy,
  type ChatAppShop,
  createChatAppShop,
  expectAccepted,
  openForBusiness,
  POLL,
} from '../support/koogallery/chatapp-shop.ts';
import { runProgram, startWorkerProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const sellersPage = (id: string) => `https://app.example.com/${id}`;
const formOf = ({ channel }: ChatAppShop, id: string) => formLinkOf(channel as never, id);

const stateOf = async (shop: ChatAppShop, id: string) => (await shop.instance(id))?.state;

it('a complete purchase ends as a submitted customer, and the marketplace is told when it is so', async () => {
  const shop = await createChatAppShop();
  const marketplace = await openForBusiness(shop);
  const { order, answer } = await buy(shop, marketplace);
  expect(answer?.resultCode).toBe('000004');
  expect(await ask(marketplace, order)).toEqual(['000004', undefined]);
  await shop.sign(order);
  await startWorkerProgram(shop.world);
  await expect.poll(() => stateOf(shop, order.instanceId), POLL).toBe('active');
  expect(await ask(marketplace, order)).toEqual(['000000', sellersPage(order.instanceId)]);
  expectAccepted(shop, [order]);
  expect(shop.world.simulator.state.record.accepted[0]?.fields).toMatchObject({
    ...{ CustName: 'probe 云商店', CountryId: 'SG', BusinessDesc: 'Order updates' },
    ...{ ContactMail: 'person@customer.example', OfficeAddress: '1 Main Street, Singapore' },
  });
  const { batch = '', row } = (await shop.instance(order.instanceId))?.customer ?? {};
  expect(await shop.world.open.ledger.requireBatch(batch)).toMatchObject({
    source: `koogallery ${shop.access.slug}`,
  });
  const shown = await runProgram(shop.world, ['koogallery', 'instance', shop.access.slug, order.instanceId]);
  expect(shown.stdout).toContain(`row ${row} of batch ${batch}`);
});

it.each(['saas-v2', 'saas-v1'] as const)(
  'a purchase without its agreement waits at the form, and goes on when the file is there (%s)',
  async (generation) => {
    const shop = await createChatAppShop({ generation });
    const marketplace = await openForBusiness(shop);
    const { order } = await buy(shop, marketplace);
    await startWorkerProgram(shop.world);
    const { instanceId } = order;
    await expect.poll(() => stateOf(shop, instanceId), POLL).toBe('waiting');
    expect(await ask(marketplace, order)).toEqual(['000000', formOf(shop, instanceId)]);
    const { slug } = shop.access;
    const { stdout } = await runProgram(shop.world, ['koogallery', 'instance', slug, instanceId]);
    expect(stdout).toMatch(/waits for: +IsvTerms/);
    await shop.sign(order);
    await runProgram(shop.world, ['koogallery', 'retry', slug, instanceId]);
    await expect.poll(() => stateOf(shop, instanceId), POLL).toBe('active');
    expectAccepted(shop, [order]);
    // What buyers of V1.0 were told once stays; that page leads on.
    const told = generation === 'saas-v1' ? formOf(shop, instanceId) : sellersPage(instanceId);
    expect(await ask(marketplace, order)).toEqual(['000000', told]);
  },
);

it('workers that are killed again and again register nobody twice', async () => {
  const shop = await createChatAppShop({ ourRate: 50, rate: 50 });
  const marketplace = await openForBusiness(shop);
  const orders = [];
  // Each worker dies a little further on its way: once a purchase has come this far.
  const far = [
    async (id: string) => (await readTasks(shop.access, id))[0]?.order !== undefined,
    async () => (await shop.world.open.ledger.listBatches(1)).length > 0,
    async (id: string) => (await shop.instance(id))?.customer !== undefined,
    async () => shop.world.simulator.state.record.count('authorize') > 0,
  ];
  for (const isFar of far) {
    const { order } = await buy(shop, marketplace);
    orders.push(order);
    await shop.sign(order);
    const doomed = await startWorkerProgram(shop.world);
    await expect.poll(() => isFar(order.instanceId), { interval: 2 }).toBe(true);
    await doomed.kill();
  }
  await Promise.all([startWorkerProgram(shop.world), startWorkerProgram(shop.world)]);
  for (const { instanceId } of orders)
    await expect.poll(() => stateOf(shop, instanceId), POLL).toBe('active');
  const ids = new Set(shop.world.simulator.state.record.accepted.map(({ custSpaceId }) => custSpaceId));
  expect([...ids].sort()).toEqual(orders.map(({ customerId }) => customerId).sort());
  const batches = await shop.world.open.ledger.listBatches(9);
  const rows = batches.map(({ counts }) => Object.values(counts).reduce((sum, each) => sum + each, 0));
  expect(rows.reduce((sum, each) => sum + each, 0)).toBe(orders.length);
});

it('goes on after a restart of Redis, while it waits and while it registers', async () => {
  const { url, server } = await startSingleRedis();
  const shop = await createChatAppShop({ redisUrl: url });
  const marketplace = await openForBusiness(shop);
  const waiting = (await buy(shop, marketplace)).order;
  await startWorkerProgram(shop.world);
  await expect.poll(() => stateOf(shop, waiting.instanceId), POLL).toBe('waiting');
  const complete = (await buy(shop, marketplace)).order;
  await shop.sign(complete);
  const { slug } = shop.access;
  await runProgram(shop.world, ['koogallery', 'retry', slug, complete.instanceId]);
  await expect.poll(async () => (await shop.instance(complete.instanceId))?.customer, POLL).toBeDefined();
  await server.kill();
  server.restart();
  await expect.poll(() => stateOf(shop, complete.instanceId), POLL).toBe('active');
  expect(await stateOf(shop, waiting.instanceId)).toBe('waiting');
  await shop.sign(waiting);
  await runProgram(shop.world, ['koogallery', 'retry', slug, waiting.instanceId]);
  await expect.poll(() => stateOf(shop, waiting.instanceId), POLL).toBe('active');
  expect(await ask(marketplace, waiting)).toEqual(['000000', sellersPage(waiting.instanceId)]);
  expectAccepted(shop, [waiting, complete]);
});
