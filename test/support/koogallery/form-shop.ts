/** A seller whose purchases become customers, in processes of their own, between both simulators; and a buyer's browser. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { SimulatedMarketplace } from '../../../src/sandbox/koogallery/marketplace.ts';
import { freePort } from '../../../src/sandbox/local-redis.ts';
import { openBrowser, PATIENCE_MS } from '../browser.ts';
import { startProgram, startWorkerProgram } from '../programs.ts';
import { startReceiver } from '../receiver.ts';
import { uniqueName } from '../redis.ts';
import { createWorld } from '../world.ts';

export const POLL = { interval: 50 };
const KEY = 'key of the shop';

export interface ShopOptions {
  /** What the settings of the channel say of a customer. */
  fields?: Record<string, unknown>;
  redisUrl?: string;
  isWorking?: boolean;
}

export type Shop = Awaited<ReturnType<typeof startShop>>;

export async function startShop({ fields = {}, redisUrl, isWorking = true }: ShopOptions = {}) {
  const world = await createWorld({ rate: 50, ourRate: 50, ...(redisUrl && { redisUrl }) });
  const seller = await startReceiver((response) => void response.end('<h1>Welcome</h1>'));
  const [slug, port, { folder }] = [uniqueName(), await freePort(), world];
  const file = join(folder, 'channels.json');
  const channel = {
    ...{ slug, generation: 'saas-v2', site: 'intl', key: { env: 'SHOP_KEY' }, chargingModes: ['period'] },
    frontEndUrl: `${seller.origin}/i/{instanceId}`,
    provision: { chatapp: { account: world.account.name, fields } },
  };
  await writeFile(file, JSON.stringify([channel]));
  const address = `http://127.0.0.1:${port}`;
  const own = {
    ONBOARD_KOOGALLERY: file,
    SHOP_KEY: KEY,
    ONBOARD_PUBLIC_URL: address,
    HTTP_PORT: String(port),
  };
  const environment = { ...world.environment, ...own };
  const shop = { ...world, environment };
  const serve = async () => {
    const serving = startProgram(shop, ['koogallery', 'serve'], { LOG_LEVEL: 'warn' });
    await serving.says('/koogallery/', 'stdout');
    return serving;
  };
  const serving = await serve();
  if (isWorking) await startWorkerProgram(shop);
  const endpoint = new URL(`${address}/koogallery/${slug}`);
  const marketplace = new SimulatedMarketplace({
    ...{ generation: 'saas-v2', keys: { current: KEY }, endpoint, timeScale: 0.001 },
  });
  return { world: shop, slug, address, seller, marketplace, serving, serve };
}

/** Somebody buys. @returns the order, and the link to its form as the marketplace shows it */
export async function buy({ marketplace, address, slug }: Shop) {
  const order = marketplace.placeOrder();
  await marketplace.deliver(order, marketplace.event('create'));
  const link = async () => String((await addressOf(marketplace, order)) ?? '');
  await expect.poll(link, POLL).toContain(`${address}/form/${slug}#`);
  return { order, link: await link(), addressNow: link };
}

async function addressOf(
  marketplace: SimulatedMarketplace,
  order: ReturnType<SimulatedMarketplace['placeOrder']>,
) {
  const { answer } = await marketplace.call(order, marketplace.event('query'));
  const [info] = (answer?.info ?? []) as { appInfo?: { frontEndUrl?: string } }[];
  return info?.appInfo?.frontEndUrl;
}

/** A buyer's browser. @returns also every other host that was asked, and what the browser complained about */
export async function openBuyer({ address }: Pick<Shop, 'address'>, look: BrowserContextOptions = {}) {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    ...look,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const [foreign, complaints] = [new Set<string>(), [] as string[]];
  context.on('request', (request) => {
    const { origin } = new URL(request.url());
    if (origin !== address) foreign.add(origin);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  return { context, page: await context.newPage(), foreign, complaints };
}

/** Drops a file as a person does: from outside of the browser, onto the page. */
export async function dropFile(page: Page, name: string, content: Buffer): Promise<void> {
  const [text, title] = [JSON.stringify(content.toString('base64')), JSON.stringify(name)];
  const transfer = await page.evaluateHandle(`(() => {
    const bytes = Uint8Array.from(atob(${text}), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], ${title}, { type: 'application/pdf' }));
    return data;
  })()`);
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: transfer });
}
