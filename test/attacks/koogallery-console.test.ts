/** The pages about KooGallery in a real browser: what they show, what an operator does there, and for whom they are. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { TEXTS } from '../../src/console/text/texts.ts';
import { readInstance } from '../../src/koogallery/registry/read-instance.ts';
import { countUsage } from '../../src/koogallery/usage/read-usage.ts';
import {
  type Console,
  doAndConfirm,
  expectToFit,
  findBarriers,
  inBrowser,
  openConsole,
  startConsole,
} from '../support/console.ts';
import { findEnglish } from '../support/console-texts.ts';
import {
  fillCodes,
  fillInstances,
  fillRegistering,
  fillUsage,
  fillWaiting,
  makeShop,
  type Shop,
} from '../support/koogallery/filled-shop.ts';
import { connectTestRedis } from '../support/redis.ts';

interface Started extends Shop {
  started: Console;
  /** Address of a part of the channel that sells by use. */
  at(part: string): string;
}

async function startShop(): Promise<Started> {
  const filled = await makeShop(connectTestRedis());
  await fillInstances(filled.shop);
  await fillWaiting(filled.shop);
  await fillRegistering(filled.shop);
  await fillUsage(filled.shop);
  await fillCodes(filled.codes);
  const started = await startConsole({ isWorking: false, more: filled.environment });
  return { ...filled, started, at: (part) => `/marketplace/${filled.shop.slug}/${part}` };
}

/** Each page, with something that is on it when it is there. */
const pagesOf = ({ at, shop, codes }: Started): [path: string, text: string][] => [
  ['/marketplace', shop.slug],
  [at('instances'), 'order-i-frozen'],
  [at('instances/i-failed'), 'the plan is not sold any more'],
  [at('instances/i-waiting'), 'COUNTRY_INVALID'],
  [at('instances/i-row'), 'b1'],
  [at('calls'), '000003'],
  [at('calls?which=unverified'), 'mismatch'],
  [at('usage'), 'abnormal-1'],
  [`/marketplace/${codes.slug}/licenses`, 'onboard koogallery licenses add'],
  [at('instances/i-none'), 'INSTANCE_UNKNOWN'],
];

const PICTURES = process.env.KOO_PICTURES;

async function visitAll(shop: Started, page: Page, name: string, look: (path: string) => Promise<void>) {
  for (const [index, [path, text]] of pagesOf(shop).entries()) {
    await page.goto(`${shop.started.address}${path}`);
    await page.getByText(text).first().waitFor();
    await look(path);
    if (PICTURES !== undefined)
      await page.screenshot({ path: `${PICTURES}/${name}-${index}.png`, fullPage: true });
  }
}

inBrowser('has no barriers on any page, in the light, and fits a desk', async () => {
  const shop = await startShop();
  const { page, complaints } = await openConsole(shop.started, 'operator');
  await visitAll(shop, page, 'desk', async (path) => {
    expect([path, await findBarriers(page)]).toEqual([path, []]);
    await expectToFit(page);
  });
  await page.goto(`${shop.started.address}${shop.at('usage')}`);
  await page.getByRole('button', { name: 'Decide abnormal-1' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await findBarriers(page)).toEqual([]);
  expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
});

inBrowser('nothing is English in Chinese, in the dark, and everything fits a phone', async () => {
  const shop = await startShop();
  const look = { viewport: { width: 390, height: 844 }, locale: 'zh-CN', colorScheme: 'dark' } as const;
  const { page } = await openConsole(shop.started, 'operator', look);
  await visitAll(shop, page, 'phone', async (path) => {
    expect([path, await findEnglish(page), await findBarriers(page)]).toEqual([path, [], []]);
    await expectToFit(page);
  });
  await page.goto(`${shop.started.address}${shop.at('usage')}`);
  await page.getByRole('button', { name: `${TEXTS.zh.koogallery.decide} abnormal-1` }).click();
  await page.getByRole('dialog').waitFor();
  expect([await findEnglish(page), await findBarriers(page)]).toEqual([[], []]);
  await expectToFit(page);
});

inBrowser(
  'leads from what needs a person to the instance, where an operator brings its task back',
  async () => {
    const { started, shop, at } = await startShop();
    const { page, complaints } = await openConsole(started, 'operator');
    await page.getByRole('link', { name: 'KooGallery' }).click();
    await page.getByRole('link', { name: 'Tasks that were refused for good: 1' }).click();
    await page.getByRole('link', { name: 'i-failed' }).click();
    await page.getByRole('heading', { name: 'i-failed' }).waitFor();
    await page.getByText('Its create was refused for good').waitFor();
    await page.getByText('newInstance').waitFor();
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByText('Done again: 1. Begun at once: 0.').waitFor();
    await page.getByText('brought back by operator').waitFor();
    expect(await readInstance(shop, 'i-failed')).toMatchObject({ state: 'opening', refused: 0 });
    // Nothing of it can be retried any more: it is to be done at once.
    await page.getByRole('button', { name: 'Retry now' }).waitFor({ state: 'detached' });

    // What a buyer has to tell, and the row that a purchase has become.
    await page.goto(`${started.address}${at('instances?state=waiting')}`);
    await page.getByRole('link', { name: 'i-waiting' }).click();
    await page.getByText('It waits for data of its buyer: Contact e-mail, Agreement (PDF)').waitFor();
    await page.goto(`${started.address}${at('instances/i-row')}`);
    const row = page.getByRole('link', { name: 'b1, row 4' });
    expect(await row.getAttribute('href')).toBe('/batches/b1?row=4');

    // Found by its order, with the keyboard alone.
    await page.goto(`${started.address}${at('instances')}`);
    await page.getByLabel('Instance or order').focus();
    await page.keyboard.type('order-i-frozen');
    await page.keyboard.press('Enter');
    await page.getByText('order-i-active').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'i-frozen' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'i-frozen' }).waitFor();
    expect(complaints).toEqual([]);
  },
);

inBrowser('takes what a person has found out about usage, and says what is refused', async () => {
  const { started, shop, at } = await startShop();
  const { page } = await openConsole(started, 'operator', { path: at('usage') });
  await page.getByText('reconcile it').waitFor();
  await page.getByRole('button', { name: 'Decide lost-1' }).click();
  const dialog = page.getByRole('dialog', { name: 'What became of lost-1?' });
  await dialog.getByLabel('Decision').selectOption('lost');
  await dialog.getByLabel('Reason').fill('ticket 7');
  await dialog.getByRole('button', { name: 'Record decision' }).click();
  await page.getByText('as lost').waitFor();
  await page.getByText('ticket 7').waitFor();
  expect(await countUsage(shop)).toMatchObject({ sent: 0, settled: 1 });

  // Somebody else is faster, and the page does not know it yet.
  await page.getByRole('button', { name: 'Decide abnormal-1' }).click();
  const usage = await (await started.onboarding.koogallery()).usage(shop.slug);
  await usage.decide({ id: 'abnormal-1', as: 'billed', by: 'somebody' });
  const late = page.getByRole('dialog');
  await late.getByRole('button', { name: 'Record decision' }).click();
  await late.getByText('(USAGE_STATE)').waitFor();
  await late.getByText('The list shows where it stands').waitFor();
  await page.keyboard.press('Escape');

  await usage.decide({ id: 'received-1', as: 'abnormal', by: 'somebody', reason: '006' });
  await page.reload();
  await doAndConfirm(page, 'Report all abnormal ones again');
  await page.getByText('Records that are reported again: 1.').waitFor();
  expect(await countUsage(shop)).toMatchObject({ abnormal: 0, recorded: 2 });
});

inBrowser('offers a viewer nothing that would be refused, and nobody anything without channels', async () => {
  const { started, at } = await startShop();
  const { page } = await openConsole(started, 'viewer', { path: at('instances/i-failed') });
  await page.getByText('Its create was refused for good').waitFor();
  expect(await page.getByRole('button', { name: /Retry/ }).count()).toBe(0);
  await page.goto(`${started.address}${at('usage')}`);
  await page.getByText('reconcile it').waitFor();
  expect(await page.getByRole('button', { name: /Decide|again/ }).count()).toBe(0);

  const plain = await startConsole({ isWorking: false });
  const without = await openConsole(plain, 'operator');
  await without.page.getByRole('link', { name: 'Reviews' }).waitFor();
  expect(await without.page.getByRole('link', { name: 'KooGallery' }).count()).toBe(0);
});
