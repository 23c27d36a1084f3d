/** The console without a mouse: an import, a row, a dialog in it, each with Tab, Enter and Escape. */
import { stringify } from 'csv-stringify/sync';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { chooserOf, inBrowser, openConsole, startConsole } from '../support/console.ts';
import { makeCustomer } from '../support/customers.ts';
import { startWithBatch } from '../support/full-console.ts';
import { makePdf } from '../support/pdf.ts';

const TABS_MOST = 60;
/** Whether the focus is on something that two dialogs cover; the browser's own buttons are the body. */
const IS_BEHIND =
  'document.activeElement !== document.body && document.activeElement.closest("dialog dialog") === null';

const isFocused = async (element: Locator) =>
  (await element.and(element.page().locator(':focus')).count()) === 1;

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, element: Locator): Promise<void> {
  await element.first().waitFor({ state: 'attached' });
  for (let tabs = 0; tabs < TABS_MOST; tabs++) {
    if (await isFocused(element.first())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${element}.`);
}

inBrowser('an import is chosen, corrected and registered', async () => {
  const started = await startConsole();
  const { page } = await openConsole(started, 'operator');
  await tabTo(page, page.getByRole('link', { name: 'New import' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByLabel('Choose files'));
  const chooser = await chooserOf(page, () => page.keyboard.press('Enter'));
  const row = makeCustomer(1, { ContactMail: 'person1(at)customer.example' });
  await chooser.setFiles([
    { name: 'c.csv', mimeType: 'text/csv', buffer: Buffer.from(stringify([row], { header: true })) },
    { name: 'agreement-1.pdf', mimeType: 'application/pdf', buffer: makePdf(['Agreement']) },
  ]);
  await tabTo(page, page.getByRole('button', { name: 'Check' }));
  await page.keyboard.press('Enter');
  const mail = page.getByRole('textbox', { name: 'Row 1, Contact e-mail' });
  await tabTo(page, mail);
  // Escape takes back what was typed.
  await page.keyboard.type('x');
  await page.keyboard.press('Escape');
  expect(await mail.inputValue()).toBe('person1(at)customer.example');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('person1@customer.example');
  await page.keyboard.press('Enter');
  const register = page.getByRole('button', { name: /Register 1 customer/ });
  await expect.poll(() => register.isEnabled()).toBe(true);
  await tabTo(page, register);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1 }).getByText('finished').waitFor();
  expect(started.world.simulator.state.record.summary().acceptedCustomers).toBe(1);
});

inBrowser('a row is opened and tried again in a dialog over it, and each gives the focus back', async () => {
  const { started, batchId } = await startWithBatch();
  const { page } = await openConsole(started, 'operator', { path: `/batches/${batchId}?outcome=failed` });
  const row = page.getByRole('button', { name: 'Open row 3' });
  await tabTo(page, row);
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Row 3' });
  const again = drawer.getByRole('button', { name: 'Try this row again' });
  await tabTo(page, again);
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Try row 3 again?' });
  await question.waitFor();
  // What is behind a dialog is out of reach.
  const places: unknown[] = [];
  for (let tabs = 0; tabs < 12; tabs++) {
    await page.keyboard.press('Tab');
    places.push(await page.evaluate('document.activeElement.closest("dialog dialog, body").tagName'));
    expect(await page.evaluate(IS_BEHIND)).toBe(false);
  }
  expect(places).toContain('DIALOG');
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  expect(await isFocused(again)).toBe(true);
  await page.keyboard.press('Enter');
  // Whoever is quicker than the page finds it open, too.
  for (let times = 0; times < 10; times++) {
    await question.waitFor();
    await Promise.all([page.keyboard.press('Escape'), page.keyboard.press('Enter')]);
  }
  await question.waitFor();
  await tabTo(page, question.getByRole('button', { name: 'Go back' }));
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'detached' });
  expect(await isFocused(again)).toBe(true);
  await page.keyboard.press('Enter');
  started.world.simulator.state.faults.replace([]);
  await tabTo(page, question.getByRole('button', { name: 'Try this row again' }));
  await page.keyboard.press('Enter');
  await drawer.getByText('submitted', { exact: true }).first().waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
});

inBrowser('the first Tab leads past the head of the page', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'viewer');
  await page.goto(started.address);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
});
