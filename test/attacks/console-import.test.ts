/** A new import in the console: what is wrong is seen, corrected in place, and registered. */
import { readFile } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  doAndConfirm,
  expectToFit,
  findBarriers,
  inBrowser,
  openConsole,
  startConsole,
} from '../support/console.ts';
import { type CustomerRow, makeCustomer, makeCustomers } from '../support/customers.ts';
import { makePdf } from '../support/pdf.ts';

const LONG = 'order updates, delivery notices, and much else that takes up room in a table';
const fileOf = (name: string, content: string | Buffer) => ({
  name,
  mimeType: name.endsWith('.pdf') ? 'application/pdf' : 'text/csv',
  buffer: Buffer.from(content),
});
const tableOf = (rows: readonly CustomerRow[]) =>
  fileOf('customers.csv', stringify([...rows], { header: true }));
const pdfOf = (name: string) => fileOf(name, makePdf(['Agreement', name]));

/** Chooses a table and the agreements of its rows, and has them checked. */
async function check(
  page: Page,
  rows: readonly CustomerRow[],
  missing: readonly string[] = [],
): Promise<void> {
  const names = rows.map(({ IsvTerms = '', 协议 = '' }) => IsvTerms || 协议);
  const pdfs = names.filter((name) => !missing.includes(name)).map(pdfOf);
  await page.getByLabel('Choose files').setInputFiles([tableOf(rows), ...pdfs]);
  await page.getByRole('button', { name: 'Check' }).click();
}

const cell = (page: Page, row: number, name: string) =>
  page.getByRole('textbox', { name: `Row ${row}, ${name}` });

inBrowser('errors are corrected in place, and the batch is watched until it ends', async () => {
  const started = await startConsole();
  const { page, foreign, complaints } = await openConsole(started, 'operator', { path: '/import' });
  const rows = [
    ...makeCustomers(6, { BusinessDesc: LONG, OfficeAddress: LONG }),
    makeCustomer(7, { ContactMail: 'person7(at)customer.example' }),
    makeCustomer(8, { CountryId: 'Singapur' }),
    makeCustomer(9),
  ];
  await check(page, rows, ['agreement-9.pdf']);
  await page.getByText('Register 6 customers').waitFor();
  const register = page.getByRole('button', { name: /Register 6 customers/ });
  expect(await register.isDisabled()).toBe(true);
  expect(await page.getByText('EMAIL').count()).toBeGreaterThan(0);
  expect(await findBarriers(page)).toEqual([]);
  await expectToFit(page);
  await page.getByText('How it was read').click();
  await page.getByRole('region', { name: 'Sample' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await expectToFit(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download errors' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toContain('person7(at)customer.example');

  await cell(page, 7, 'Contact e-mail').fill('person7@customer.example');
  await cell(page, 7, 'Contact e-mail').press('Enter');
  await page.getByText('Register 7 customers').waitFor();
  // What was corrected is on the server.
  await page.reload();
  await page.getByText('Register 7 customers').waitFor();
  await page.getByLabel('Choose the PDF of row 9').setInputFiles(pdfOf('found-in-a-drawer.pdf'));
  await page.getByText('Register 8 customers').waitFor();
  await page.getByRole('button', { name: 'Leave out', exact: true }).click();
  const [order] = await Promise.all([
    page.waitForRequest(/\/drafts\/[^/]+\/import$/),
    page.getByRole('button', { name: /Register 8 customers/ }).click(),
  ]);
  // A draft that is registered twice is one batch: the server knows it by what is in it.
  expect(order.headers()).not.toHaveProperty('idempotency-key');

  await page.getByRole('heading', { level: 1 }).getByText('finished').waitFor();
  await page.getByRole('img', { name: 'submitted: 8' }).waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/batches\//);
  expect(started.world.simulator.state.record.summary().acceptedCustomers).toBe(8);
  expect([[...foreign], complaints]).toEqual([[], []]);
});

inBrowser('columns are matched by hand, and such a file is matched the same way the next time', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'operator', { path: '/import' });
  const rows = makeCustomers(3).map(({ BusinessDesc = '', ...row }) => ({
    ...row,
    'What they do': BusinessDesc,
  }));
  await check(page, rows);
  await page.getByRole('combobox', { name: 'Business description' }).selectOption('What they do');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Register 3 customers').waitFor();
  await doAndConfirm(page, 'Discard');
  await page.getByLabel('Choose files').waitFor({ state: 'attached' });
  await check(page, rows);
  await page.getByText('The columns are matched as you matched such a file before.').waitFor();
  await page.getByText('Register 3 customers').waitFor();
});

inBrowser('a draft is found again, put off, and leaves out all that is wrong', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'operator', { path: '/import' });
  const bad = [4, 5, 6].map((number) => makeCustomer(number, { ContactMail: 'none' }));
  await check(page, [...makeCustomers(3), ...bad]);
  await page.getByText('Rows to correct or to leave out first: 3.').waitFor();
  await page.getByRole('link', { name: 'New import' }).click();
  await page.getByRole('link', { name: 'customers.csv' }).click();
  await page.getByRole('button', { name: 'Leave out all of them' }).click();
  await page.getByLabel('Name of the batch').fill('for next year');
  await page.getByLabel('Start at').fill('2031-01-01T08:00');
  await page.getByLabel('Priority').fill('7');
  await page.getByRole('button', { name: /Register 3 customers/ }).click();
  await page.getByRole('heading', { name: /for next year/ }).waitFor();
  await page.getByText('Starts later').waitFor();
  const batches = await started.world.open.ledger.listBatches(2);
  expect(batches).toMatchObject([{ name: 'for next year', priority: 7, total: 3, by: 'operator' }]);
});
