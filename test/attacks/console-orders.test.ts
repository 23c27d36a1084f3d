/** What an operator orders of a batch: how urgent it is, when rows are tried again, and that it is deleted. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Console, expectOnTop, inBrowser, openConsole, startConsole } from '../support/console.ts';
import { makeCustomers } from '../support/customers.ts';
import { createBatch, makeRow, submitRow } from '../support/ledger.ts';
import { importRows } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';

const REFUSED = {
  operation: 'submit',
  kind: 'error',
  match: '^C10000[37]$',
  code: 'InvalidParameter.X',
} as const;

const batchPage = (batchId: string) => ({ path: `/batches/${batchId}` });

/** A batch of two rows, one submitted and one cancelled, that nobody works on. */
async function startFinished(): Promise<Console> {
  const started = await startConsole({ isWorking: false });
  const { ledger } = started.world.open;
  await createBatch(ledger, 'b', [makeRow(1), makeRow(2)]);
  await submitRow(ledger, 'b', 1);
  await ledger.transition({ batchId: 'b', row: 2, to: 'cancelled' });
  return started;
}

const logOf = (page: Page) => page.getByRole('region', { name: 'Log' });

inBrowser('a batch is given another priority, and what is refused is said in that dialog', async () => {
  const started = await startConsole({ isWorking: false });
  const { world } = started;
  const batchId = await importRows(world, makeCustomers(3));
  const { page, complaints } = await openConsole(started, 'operator', batchPage(batchId));
  const dialog = page.getByRole('dialog', { name: 'Let this batch go sooner or later?' });
  await page.getByRole('button', { name: 'Priority' }).click();
  await dialog.getByLabel('Priority').fill('5');
  await dialog.getByRole('button', { name: 'Set priority' }).click();
  await page.getByText('The priority is 5.').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await logOf(page).getByText('priority').waitFor();
  expect((await world.open.ledger.requireBatch(batchId)).priority).toBe(5);
  const jobs = await world.open.queues.upload.getPrioritized();
  expect(jobs.map(({ priority }) => priority)).toEqual([5, 5, 5]);

  // The browser itself refuses what no batch may have.
  await page.getByRole('button', { name: 'Priority' }).click();
  await dialog.getByLabel('Priority').fill('1');
  await dialog.getByRole('button', { name: 'Set priority' }).click();
  expect(await dialog.locator('input:invalid').count()).toBe(1);
  expect(complaints).toEqual([]);
});

inBrowser(
  'what is refused is said in the dialog that asked for it, and stays when that is closed',
  async () => {
    const started = await startConsole({ isWorking: false });
    const batchId = await importRows(started.world, makeCustomers(3));
    const { page } = await openConsole(started, 'operator');
    // Somebody else cancels it meanwhile, and the page does not hear of it.
    await page.route('**/events', (route) => route.abort());
    await page.goto(`${started.address}/batches/${batchId}`);
    await page.getByRole('button', { name: 'Priority' }).click();
    await page.route(`**/v1/batches/${batchId}`, (route) => route.abort());
    await started.onboarding.cancel(batchId, { by: 'somebody' });
    const dialog = page.getByRole('dialog', { name: 'Let this batch go sooner or later?' });
    await dialog.getByLabel('Priority').fill('9');
    await dialog.getByRole('button', { name: 'Set priority' }).click();
    await dialog.getByText('(BATCH_STATE)').waitFor();
    await expectOnTop(dialog.getByText('Its page shows where it stands.'));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // What was not read is not lost with the dialog.
    await page.getByText('(BATCH_STATE)').waitFor();
  },
);

inBrowser('rows are tried again at a time that somebody says, and not before', async () => {
  const started = await startConsole({ faults: [REFUSED] });
  const { world } = started;
  const batchId = await importRows(world, makeCustomers(9));
  await waitUntilFinished(world, batchId);
  const { page } = await openConsole(started, 'operator', batchPage(batchId));
  await page.getByRole('button', { name: 'Try these again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Try 2 with InvalidParameter.X again?' });
  await dialog.getByLabel('Start at').fill('2031-01-01T08:00');
  await dialog.getByRole('button', { name: 'Try these again' }).click();
  await page.getByText('Enqueued again: 2.').waitFor();
  await page.getByText('Nothing has failed.').waitFor();
  await page.getByRole('button', { name: 'Open row 3' }).click();
  const drawer = page.getByRole('dialog', { name: 'Row 3' });
  await drawer.getByText('Not before').waitFor();
  const record = (await world.open.ledger.readRow(batchId, 3))?.record;
  expect(record).toMatchObject({ outcome: 'pending', notBefore: new Date('2031-01-01T08:00').getTime() });
  expect((await world.open.ledger.requireBatch(batchId)).counts).toMatchObject({ submitted: 7, pending: 2 });
});

inBrowser(
  'a finished batch is purged when somebody has read what goes, and its page says that it is gone',
  async () => {
    const started = await startFinished();
    const { page } = await openConsole(started, 'operator', batchPage('b'));
    const dialog = page.getByRole('dialog', { name: /^Purge / });
    await page.getByRole('button', { name: 'Purge batch' }).click();
    await dialog.getByText('its 2 rows, with the data of the customers').waitFor();
    await dialog.getByText('how their reviews ended').waitFor();
    await dialog.getByRole('button', { name: 'Go back' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await started.world.open.ledger.readBatch('b')).toBeDefined();
    await page.getByRole('button', { name: 'Purge batch' }).click();
    await dialog.getByRole('button', { name: 'Purge batch' }).click();
    await page.getByText('rows that are gone: 2.').waitFor();
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await page.getByText('There is no batch yet.').waitFor();
    expect(await started.world.open.ledger.readBatch('b')).toBeUndefined();
    // The submit is known all the same.
    await page.goto(`${started.address}/customers/C1`);
    await page.getByText('The submit that counts').waitFor();
    await page.goto(`${started.address}/batches/b`);
    await page.getByRole('alert').getByText('“Home” lists those that are there.').waitFor();
    await page.getByText('Live', { exact: true }).waitFor({ state: 'detached' });
    expect(await page.getByText('The connection to the server is lost.').count()).toBe(0);
  },
);

inBrowser(
  'nobody but an operator is offered any of it, nor what the state of the batch forbids',
  async () => {
    const started = await startFinished();
    await createBatch(started.world.open.ledger, 'open', [makeRow(3)]);
    const orders = (page: Page) => page.getByRole('button', { name: /Priority|Purge|Pause|Cancel|Try/ });
    const asViewer = await openConsole(started, 'viewer', batchPage('b'));
    for (const path of ['/batches/b', '/batches/b?row=2', '/batches/open']) {
      await asViewer.page.goto(`${started.address}${path}`);
      await asViewer.page.getByRole('heading', { level: 1 }).waitFor();
      expect(await orders(asViewer.page).count()).toBe(0);
    }
    const { page } = await openConsole(started, 'operator', batchPage('open'));
    await page.getByRole('button', { name: 'Priority' }).waitFor();
    expect(await page.getByRole('button', { name: 'Purge batch' }).count()).toBe(0);
    await page.goto(`${started.address}/batches/b`);
    await page.getByRole('button', { name: 'Purge batch' }).waitFor();
    expect(await page.getByRole('button', { name: 'Priority' }).count()).toBe(0);
  },
);

inBrowser('what was observed of a customer is shown in the row and on its page, as no review', async () => {
  const started = await startFinished();
  const { ledger } = started.world.open;
  const instance = { custSpaceId: 'C1', instanceId: 'i-1', state: 'published', isvTerms: 'isv/a.pdf' };
  await ledger.keepObserved({ at: Date.UTC(2026, 0, 31), generation: 1 }, [instance]);
  const { page } = await openConsole(started, 'operator', { path: '/batches/b?row=1' });
  for (const place of [page.getByRole('dialog', { name: 'Row 1' }), page.getByRole('main')]) {
    const observed = place.getByRole('complementary', { name: 'Observed, not a review' });
    await observed.getByText('published', { exact: true }).waitFor();
    await observed.getByText('isv/a.pdf').waitFor();
    await place.getByText('review awaited').first().waitFor();
    await page.goto(`${started.address}/customers/C1`);
  }
  await page.goto(`${started.address}/batches/b?row=2`);
  await page.getByRole('dialog', { name: 'Row 2' }).getByText('cancelled').first().waitFor();
  expect(await page.getByRole('complementary').count()).toBe(0);
});
