/** The console while its server is away, below a path of its own, and for somebody whose session ends. */
import { expect } from 'vitest';
import { UserCases } from '../../src/onboarding/user-cases.ts';
import { doAndConfirm, inBrowser, openConsole, startConsole } from '../support/console.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';

const LOST = 'The connection to the server is lost.';

inBrowser('says that the connection is lost, and knows by itself what happened meanwhile', async () => {
  const started = await startConsole();
  const { world } = started;
  const { page } = await openConsole(started, 'operator');
  await page.getByText('Live', { exact: true }).waitFor();
  await started.stop();
  await page.getByText(LOST).waitFor();
  const batchId = await importRows(world, makeCustomers(4), '--name', 'meanwhile');
  await waitUntilFinished(world, batchId);
  await started.startAgain();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByText(LOST).waitFor({ state: 'detached' });
  await page
    .getByRole('row', { name: /meanwhile/ })
    .getByText('4 of 4')
    .waitFor();
});

inBrowser('tells that an action did not reach the server, and the action can be repeated', async () => {
  const started = await startConsole({ isWorking: false });
  const { world } = started;
  const { page } = await openConsole(started, 'operator');
  await page.getByText('Live', { exact: true }).waitFor();
  await started.stop();
  await doAndConfirm(page, 'Pause account');
  await page.getByText('The server does not answer.').first().waitFor();
  await started.startAgain();
  await page.getByText('Live', { exact: true }).waitFor();
  await doAndConfirm(page, 'Pause account');
  await page.getByText('by operator').waitFor();
  expect(await world.open.pause.read()).toMatchObject({ by: 'operator' });
});

inBrowser('works below a path of its own', async () => {
  const started = await startConsole({ more: { ONBOARD_BASE_PATH: '/isv' } });
  const batchId = await importRows(started.world, makeCustomers(3));
  await waitUntilFinished(started.world, batchId);
  const path = `/batches/${batchId}?row=2`;
  const { page, foreign, complaints } = await openConsole(started, 'operator', { path });
  await page.getByRole('dialog').getByText('person2@customer.example').waitFor();
  expect(new URL(page.url()).pathname).toBe(`/isv/batches/${batchId}`);
  await page.getByRole('link', { name: 'Everything about this customer' }).click();
  await page.getByRole('heading', { name: 'C100002' }).waitFor();
  await page.goBack();
  await page.getByRole('dialog').getByText('person2@customer.example').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByText('3 of 3').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Queues' }).click();
  await page.getByText(`submits.rehearsal.${started.world.account.name}`).first().waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/isv\/queues/);
  expect([[...foreign], complaints]).toEqual([[], []]);
});

inBrowser('leads to the login when the session is over, and back to the same page', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'operator');
  await page.getByRole('article').waitFor();
  await new UserCases(`${started.world.folder}/users.json`).remove('operator');
  await page.getByRole('link', { name: 'Reviews' }).click();
  // Each answer that says so leads there, so that one navigation may take the place of another.
  await expect.poll(() => page.url()).toMatch(/\/login\?next=%2Freviews$/);
});
