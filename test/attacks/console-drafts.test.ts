/** Drafts in the console: one that was registered, one whose batch is gone, and what an account in rehearsal is said to be. */
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
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { makePdf } from '../support/pdf.ts';
import { waitUntilFinished } from '../support/waiting.ts';

const rows = makeCustomers(3);
const files = (table = 'customers.csv') => [
  { name: table, mimeType: 'text/csv', buffer: Buffer.from(stringify(rows, { header: true })) },
  ...rows.map(({ IsvTerms = '' }) => ({
    name: IsvTerms,
    mimeType: 'application/pdf',
    buffer: makePdf(['Agreement', IsvTerms]),
  })),
];

async function makeDraft(page: Page): Promise<string> {
  await page.getByLabel('Choose files').setInputFiles(files());
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('button', { name: /Register 3 customers/ }).waitFor();
  return new URL(page.url()).pathname;
}

inBrowser(
  'a registered draft names its batch, changes no more, says when that is purged, and is deleted',
  async () => {
    const started = await startConsole();
    const { page, complaints } = await openConsole(started, 'operator', { path: '/import' });
    const draft = await makeDraft(page);
    await page.getByText('This account is in rehearsal').waitFor();
    await page.getByRole('button', { name: /Register 3 customers for account \S+ about \d+ s/ }).click();
    await page.getByRole('heading', { level: 1 }).getByText('finished').waitFor();
    const batchPath = new URL(page.url()).pathname;
    const batchId = batchPath.split('/').at(-1) ?? '';
    await waitUntilFinished(started.world, batchId);

    await page.goto(`${started.address}${draft}`);
    await page.getByText('Registered as').waitFor();
    await page.getByText('Nothing of this draft changes any more.').waitFor();
    expect(await page.getByText('ready').count()).toBe(0);
    expect(await page.getByRole('button', { name: /Register|Leave out|Apply/ }).count()).toBe(0);
    expect(await page.getByRole('textbox').count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectToFit(page);
    await page.getByRole('link', { name: batchId }).click();
    await page.getByRole('img', { name: 'submitted: 3' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(batchPath);

    await doAndConfirm(page, 'Purge batch');
    await page.getByText('rows that are gone: 3.').waitFor();
    for (const path of [draft, '/import']) {
      await page.goto(`${started.address}${path}`);
      await page.getByText(`Registered as ${batchId}, which has been purged since`).waitFor();
      expect(await page.getByRole('link', { name: batchId }).count()).toBe(0);
    }
    await page.getByRole('link', { name: 'customers.csv' }).click();
    await doAndConfirm(page, 'Discard');
    await page.getByLabel('Choose files').waitFor({ state: 'attached' });
    await page.goto(`${started.address}${draft}`);
    await page.getByText('This draft is gone').waitFor();
    // The browser itself complains of the answer 404 that this page asked for.
    expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
  },
);

inBrowser('what is missing in a draft is dropped onto its row, as its hint says', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'operator', { path: '/import' });
  const row = makeCustomer(4, { IsvTerms: 'nowhere.pdf', ContactMail: 'none' });
  const table = { ...files()[0], buffer: Buffer.from(stringify([row], { header: true })) };
  await page.getByLabel('Choose files').setInputFiles([table as ReturnType<typeof files>[0]]);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Drop the PDF onto its row, or correct its name.').waitFor();
  // A hint that can be followed here is that of the server.
  await page.getByText('Enter one e-mail address, such as name@example.com.').waitFor();
  expect(await page.getByText('Put the file into').count()).toBe(0);
  // Nobody knows how long it takes while nothing moves.
  expect(
    await page
      .getByRole('button', { name: /Register/ })
      .getByText('about')
      .count(),
  ).toBe(0);
});
