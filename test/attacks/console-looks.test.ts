/** The console for everybody: by keyboard, in Chinese, in the dark, on a phone, and for those who cannot see it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  type Console,
  expectToFit,
  findBarriers,
  inBrowser,
  openConsole,
  startConsole,
} from '../support/console.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';

const PHONE = { viewport: { width: 390, height: 844 } };

/** A batch with something of everything. */
async function startWithBatch() {
  const code = 'InvalidParameter.X';
  const started = await startConsole({
    faults: [{ operation: 'submit', kind: 'error', match: '^C100003$', code }],
  });
  const batchId = await importRows(started.world, makeCustomers(6));
  await waitUntilFinished(started.world, batchId);
  return { started, batchId };
}

/** Each page, and what is on it when it is there. */
const pagesOf = (batchId: string): [path: string, text: string][] => [
  ['/', batchId],
  ['/import', 'CSV'],
  [`/batches/${batchId}`, 'C100006'],
  [`/batches/${batchId}?row=3`, 'person3@customer.example'],
  ['/customers/C100001', 'RequestId'],
  ['/reviews', 'C100001'],
  ['/doctor', 'Redis'],
];

async function visit({ address }: Console, page: Page, path: string, text: string): Promise<void> {
  await page.goto(`${address}${path}`);
  await page.getByText(text).first().waitFor();
}

inBrowser('has no barriers in light, in the dark, or on a phone in Chinese, and fits', async () => {
  const { started, batchId } = await startWithBatch();
  const looks = [{}, { colorScheme: 'dark' }, { ...PHONE, locale: 'zh-CN' }] as const;
  for (const look of looks) {
    const { page, complaints } = await openConsole(started, 'operator', look);
    for (const [path, text] of pagesOf(batchId)) {
      await visit(started, page, path, text);
      expect([look, path, await findBarriers(page)]).toEqual([look, path, []]);
      await expectToFit(page);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  }
});

inBrowser('speaks Chinese to whoever asks for it, and remembers who chose otherwise', async () => {
  const { started } = await startWithBatch();
  const { page } = await openConsole(started, 'operator', { locale: 'zh-CN' });
  await page.getByRole('heading', { name: '首页' }).waitFor();
  await page.getByRole('cell', { name: '已完成' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
});

inBrowser('is dark where the system is, and where somebody chose it', async () => {
  const { started } = await startWithBatch();
  const { page } = await openConsole(started, 'viewer');
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.getByLabel('Appearance').selectOption('light');
  expect(await ground()).toBe(light);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByLabel('Appearance').selectOption('dark');
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await ground()).toBe(dark);
});

inBrowser('is used without a mouse', async () => {
  const { started } = await startWithBatch();
  const { page } = await openConsole(started, 'operator');
  await page.getByRole('link', { name: 'customers.csv' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Open row 3' }).focus();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Row 3' });
  await drawer.getByRole('button', { name: 'Try this row again' }).waitFor();
  // The focus stays in the drawer, and comes back to where it was.
  for (let index = 0; index < 12; index++) await page.keyboard.press('Tab');
  expect(
    await page.evaluate(
      'document.activeElement.closest("dialog") !== null || document.activeElement === document.body',
    ),
  ).toBe(true);
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Open row 3');
  await page.goto(started.address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
});
