/** A channel whose purchases become customers of the simulated Chat App, with the simulated marketplace in front of it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type OpenChannel, openChannels } from '../../../src/koogallery/channels.ts';
import { readInstance } from '../../../src/koogallery/registry/read-instance.ts';
import { readSettings } from '../../../src/onboarding/config.ts';
import type { BelievedOrder } from '../../../src/sandbox/koogallery/belief.ts';
import { SimulatedMarketplace } from '../../../src/sandbox/koogallery/marketplace.ts';
import { freePort } from '../../../src/sandbox/local-redis.ts';
import { openApisForTest } from '../open-apis.ts';
import { makePdf } from '../pdf.ts';
import { startProgram } from '../programs.ts';
import { uniqueName } from '../redis.ts';
import { SELLER } from '../seller.ts';
import { createWorld, type WorldOptions } from '../world.ts';

export const PUBLIC_URL = 'https://isv.example';
export const POLL = { interval: 50 };

export interface ShopOptions extends WorldOptions {
  generation?: 'saas-v2' | 'saas-v1';
}

/** What of a customer is in the purchase, and what every customer has. */
const FIELDS = {
  CustSpaceId: 'buyer.customerId',
  CustName: 'buyer.customerName',
  ContactMail: 'extend.mail',
  OfficeAddress: 'order.orderLine.0.productInfo.0.productName',
  CountryId: { text: 'SG' },
  BusinessDesc: { text: 'Order updates' },
};
/** The fields of a V1.0 call are flat, and its simulated buyer was asked for a domain. */
const FIELDS_V1 = {
  ...FIELDS,
  ContactMail: 'buyer.email',
  OfficeAddress: 'order.customerName',
  BusinessDesc: 'extend.emailDomainName',
};

export async function createChatAppShop({ generation = 'saas-v2', ...more }: ShopOptions = {}) {
  const world = await createWorld(more);
  const apis = await openApisForTest();
  const slug = uniqueName();
  const signed = join(world.folder, 'signed');
  await mkdir(signed);
  const fields = generation === 'saas-v1' ? FIELDS_V1 : FIELDS;
  const agreement = join(signed, '{buyer.customerId}.pdf');
  const channel = {
    ...{ slug, generation, site: 'cn', key: { env: 'SHOP_KEY' }, chargingModes: ['period'] },
    frontEndUrl: 'https://app.example.com/{instanceId}',
    provision: { chatapp: { account: world.account.name, fields, agreement } },
    openApi: { accessKey: { env: 'SHOP_AK' }, secretKey: { env: 'SHOP_SK' }, host: apis.origin },
  };
  const file = join(world.folder, 'channels.json');
  await writeFile(file, JSON.stringify([channel]));
  const environment = {
    ...world.environment,
    ...{ ONBOARD_KOOGALLERY: file, ONBOARD_PUBLIC_URL: PUBLIC_URL, HTTP_PORT: String(await freePort()) },
    ...{ SHOP_KEY: SELLER.key, SHOP_AK: SELLER.accessKey, SHOP_SK: SELLER.secretKey },
  };
  const settings = readSettings(environment);
  const [opened] = openChannels(settings, environment) as [OpenChannel];
  const access = { redis: world.redis, slug };
  const shop = {
    ...{ world: { ...world, environment, settings }, apis, access, channel: opened, signed },
    instance: (id: string) => readInstance(access, id),
  };
  return { ...shop, sign: (order: BelievedOrder) => sign(signed, order) };
}

export type ChatAppShop = Awaited<ReturnType<typeof createChatAppShop>>;

function sign(folder: string, { customerId }: BelievedOrder): Promise<void> {
  return writeFile(join(folder, `${customerId}.pdf`), makePdf(['Agreement', customerId]));
}

/** The receiver as a process, and the marketplace that calls it. */
export async function openForBusiness({ world, channel }: ChatAppShop) {
  const serving = startProgram(world, ['koogallery', 'serve'], { LOG_LEVEL: 'fatal' });
  await serving.says('/koogallery/', 'stdout');
  const { slug, generation } = channel;
  const endpoint = new URL(`http://127.0.0.1:${world.environment.HTTP_PORT}/koogallery/${slug}`);
  return new SimulatedMarketplace({ endpoint, generation, keys: { current: SELLER.key }, timeScale: 1e-4 });
}

/** Somebody buys, and the marketplace tells us; the order can be asked for. */
export async function buy({ apis }: ChatAppShop, marketplace: SimulatedMarketplace) {
  const order = marketplace.placeOrder();
  const { orderId, orderLineId, productId, customerId, customerName } = order;
  const productInfo = [{ productId, skuCode: 'sku', productName: '1 Main Street, Singapore' }];
  apis.orders.add({
    ...{ orderId, orderType: 'NEW', buyerInfo: { customerId, customerName } },
    orderLine: [{ orderLineId, chargingMode: 'PERIOD', expireTime: '20990801000000', productInfo }],
    extendParams: [{ name: 'mail', value: 'person@customer.example' }],
  });
  const { answer } = await marketplace.deliver(order, marketplace.event('create'));
  return { order, answer };
}

/** What the marketplace is told of an order now: the code, and the address in plain text. */
export async function ask(marketplace: SimulatedMarketplace, order: BelievedOrder) {
  const { answer } = await marketplace.call(order, marketplace.event('query'));
  const info = answer?.info as { appInfo?: { frontEndUrl?: string } }[] | undefined;
  return [answer?.resultCode, info?.[0]?.appInfo?.frontEndUrl];
}

/** Each customer was accepted once, as its purchase says. */
export function expectAccepted({ world }: ChatAppShop, orders: readonly BelievedOrder[]): void {
  const { accepted } = world.simulator.state.record;
  expect(accepted.map(({ custSpaceId }) => custSpaceId).sort()).toEqual(
    orders.map(({ customerId }) => customerId).sort(),
  );
}
