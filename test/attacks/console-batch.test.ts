/** The page of a batch in the console: how far it is, what failed, each row, and its results. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { batchKeys } from '../../src/redis/keys.ts';
import { doAndConfirm, expectOnTop, inBrowser, openConsole, startConsole } from '../support/console.ts';
import { makeCustomers } from '../support/customers.ts';
import { createBatch, makeRow, parkRow } from '../support/ledger.ts';
import { importRows } from '../support/programs.ts';
import { waitForBatch, waitUntilFinished } from '../support/waiting.ts';

/** At one a second. */
const ROWS_OF_MINUTES = 300;
const REFUSED = { operation: 'submit', kind: 'error', match: '^C10000[37]$' } as const;

/** A finished batch of nine customers, two of which were refused. */
async function startWithFailures() {
  const started = await startConsole({ faults: [{ ...REFUSED, code: 'InvalidParameter.X' }] });
  const { world } = started;
  const batchId = await importRows(world, makeCustomers(9));
  expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 7, failed: 2 });
  return { started, world, batchId };
}

inBrowser('what failed is tried again by one button, and the page says by itself how it ends', async () => {
  const { started, world, batchId } = await startWithFailures();
  const { page, complaints } = await openConsole(started, 'operator', { path: `/batches/${batchId}` });
  const failures = page.getByRole('region', { name: 'Failures' });
  await failures.getByText('InvalidParameter.X').first().waitFor();
  world.simulator.state.faults.replace([]);
  await doAndConfirm(page, 'Try these again');
  await page.getByText('Enqueued again: 2.').waitFor();
  await page.getByText('Nothing has failed.').waitFor();
  await page.getByRole('img', { name: 'submitted: 9' }).waitFor();
  await page.getByRole('region', { name: 'Log' }).getByText('retry').waitFor();
  expect((await world.open.ledger.requireBatch(batchId)).counts).toMatchObject({ submitted: 9 });
  expect(complaints).toEqual([]);
});

inBrowser('a row is found by its id and tells its whole story, from the address alone, too', async () => {
  const { started, batchId } = await startWithFailures();
  const { page } = await openConsole(started, 'operator', { path: `/batches/${batchId}` });
  const rows = page.getByRole('region', { name: 'Rows', exact: true });
  await rows.getByText('C100009').waitFor();
  await page.getByLabel('Find an ID or a name').fill('C100003');
  await rows.getByText('C100009').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Open row 3' }).press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Row 3' });
  await drawer.getByText('person3@customer.example').waitFor();
  await drawer.getByText('InvalidParameter.X').first().waitFor();
  for (const outcome of ['uploaded', 'submitting', 'failed'])
    await drawer.getByRole('listitem').filter({ hasText: outcome }).first().waitFor();
  await page.reload();
  await drawer.getByText('person3@customer.example').waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await page.getByLabel('Find an ID or a name').fill('');
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('failed');
  await rows.getByText('C100007').waitFor();
  await rows.getByText('C100001').waitFor({ state: 'detached' });
  expect(await rows.getByRole('button', { name: /Open row/ }).count()).toBe(2);
  // By a part of its name, among those that failed; then among those that did not.
  await page.getByLabel('Find an ID or a name').fill('公司 7 & sö');
  await rows.getByText('C100003').waitFor({ state: 'detached' });
  await rows.getByText('C100007').waitFor();
  expect(await rows.getByRole('button', { name: /Open row/ }).count()).toBe(1);
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('submitted');
  await rows.getByText('No row is like that.').waitFor();
  // What is looked at is in the address, for whoever it is handed to.
  await page.reload();
  await rows.getByText('No row is like that.').waitFor();
  expect(await page.getByLabel('Find an ID or a name').inputValue()).toBe('公司 7 & sö');
});

inBrowser('results are downloaded, and each row is in one of the files', async () => {
  const { started, batchId } = await startWithFailures();
  const { page } = await openConsole(started, 'viewer', { path: `/batches/${batchId}` });
  const idsIn = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name, exact: true }).click(),
    ]);
    const rows: Record<string, string>[] = parse(await readFile(await download.path()), {
      columns: true,
      bom: true,
    });
    return rows.map(({ CustSpaceId }) => CustSpaceId);
  };
  expect(await idsIn('Succeeded')).toHaveLength(7);
  expect(await idsIn('Failed')).toEqual(['C100003', 'C100007']);
  expect(await idsIn('Unprocessed')).toEqual([]);
});

inBrowser('a batch is paused, goes on, and is cancelled, each only when that was confirmed', async () => {
  // It takes minutes, however slow the browser is: it must not end before it is cancelled.
  const started = await startConsole({ rate: 1, ourRate: 1 });
  const { world } = started;
  const batchId = await importRows(world, makeCustomers(ROWS_OF_MINUTES));
  const { page } = await openConsole(started, 'operator', { path: `/batches/${batchId}` });
  await doAndConfirm(page, 'Pause');
  await page.getByText('The batch is paused', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await waitForBatch(world, batchId, ({ state }) => state === 'running');
  await doAndConfirm(page, 'Cancel batch');
  await page.getByRole('heading', { level: 1 }).getByText('finished').waitFor();
  await page.getByRole('button', { name: 'Cancel batch' }).waitFor({ state: 'detached' });
  const { counts } = await world.open.ledger.requireBatch(batchId);
  expect(counts.cancelled + counts.submitted).toBe(ROWS_OF_MINUTES);
  expect(counts.cancelled).toBeGreaterThan(0);

  await page.goto(`${started.address}/batches/${batchId}?outcome=cancelled`);
  await page.getByRole('button', { name: 'Open row' }).first().click();
  await page.getByRole('button', { name: 'Try this row again' }).click();
  const question = page.getByRole('dialog', { name: /Try row \d+ again/ });
  await question.getByRole('button', { name: 'Try this row again' }).click();
  await page.getByText('Enqueued again: 1.').waitFor();
});

inBrowser('a row that nobody knows the end of is settled by a person, who is asked first', async () => {
  const started = await startConsole({ isWorking: false });
  const { ledger } = started.world.open;
  await createBatch(ledger, 'b', [makeRow(1), makeRow(2)]);
  await parkRow(ledger, { batchId: 'b', row: 2 });
  const { page } = await openConsole(started, 'operator', { path: '/batches/b' });
  await page.getByText('1 parked').waitFor();
  await page.getByRole('region', { name: 'Failures' }).getByRole('button', { name: 'Open row 2' }).click();
  const drawer = page.getByRole('dialog', { name: 'Row 2' });
  await drawer.getByRole('button', { name: 'It arrived' }).click();
  await page
    .getByRole('dialog', { name: 'Record that it arrived?' })
    .getByRole('button', { name: 'It arrived' })
    .click();
  await page.getByText('Settled.').waitFor();
  await expectOnTop(page.getByText('Settled.'));
  await drawer.getByText('submitted').first().waitFor();
  expect((await ledger.requireBatch('b')).counts).toMatchObject({ submitted: 1, pending: 1 });
});

inBrowser('a row that Redis has damaged is named, and hides no other', async () => {
  const { started, world, batchId } = await startWithFailures();
  await world.redis.hset(batchKeys(world.account.ledger, batchId).rows, 4, '{"outcome":');
  const { page } = await openConsole(started, 'viewer', { path: `/batches/${batchId}` });
  const rows = page.getByRole('region', { name: 'Rows', exact: true });
  await rows.getByText('Damaged in Redis: row 4.').waitFor();
  await rows.getByText('ROW_UNREADABLE').waitFor();
  expect(await rows.getByRole('button', { name: /Open row/ }).count()).toBe(8);
  await page.goto(`${started.address}/batches/${batchId}?row=4`);
  await page.getByRole('dialog', { name: 'Row 4' }).getByText('ROW_UNREADABLE').waitFor();
});
