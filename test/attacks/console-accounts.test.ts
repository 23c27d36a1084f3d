/** The console of an operator and of a viewer: what stands still, who may change it, and how reviews ended. */
import { expect } from 'vitest';
import { doAndConfirm, expectOnTop, inBrowser, openConsole, startConsole } from '../support/console.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';

inBrowser('an operator pauses an account, sees who did, and lets it go on', async () => {
  const started = await startConsole();
  const { page, foreign, complaints } = await openConsole(started, 'operator');
  const { name } = started.world.account;
  const card = page.getByRole('article', { name });
  await card.getByText('1 alive').waitFor();
  await page.getByRole('button', { name: 'Pause account' }).click();
  await page.getByRole('dialog').getByText('Nothing of this account is sent').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
  expect(await started.world.open.pause.read()).toBeUndefined();
  await doAndConfirm(page, 'Pause account');
  await card.getByText('The account is paused').waitFor();
  await card.getByText('by operator').waitFor();
  expect(await started.world.open.pause.read()).toMatchObject({ by: 'operator' });
  await card.getByRole('button', { name: 'Resume account' }).click();
  await card.getByText('The account is paused').waitFor({ state: 'detached' });
  expect([[...foreign], complaints]).toEqual([[], []]);
});

inBrowser(
  'an account that is refused says what to do, and goes on when an operator says that it was done',
  async () => {
    const refused = { operation: 'authorize', kind: 'error', code: 'Product.Unsubscript' } as const;
    const started = await startConsole({ faults: [refused] });
    const { world } = started;
    const batchId = await importRows(world, makeCustomers(3));
    const { page, complaints } = await openConsole(started, 'operator');
    await page.getByText('Alibaba Cloud refuses the account').waitFor();
    // What Alibaba Cloud refuses is for its own console; what to do then is a button of this one.
    await page
      .getByText(/Subscribe to Chat App Message Service .*Then press “Resume account” at “Home”/)
      .waitFor();
    expect(await page.getByText('`onboard').count()).toBe(0);
    world.simulator.state.faults.replace([]);
    await page.getByRole('button', { name: 'Resume account' }).click();
    await page.getByText('3 of 3').waitFor();
    await page.getByText('Alibaba Cloud refuses the account').waitFor({ state: 'detached' });
    await waitUntilFinished(world, batchId);
    expect(complaints).toEqual([]);
  },
);

inBrowser('a review is recorded with its evidence, and is not awaited any more', async () => {
  const started = await startConsole();
  const { world } = started;
  await waitUntilFinished(world, await importRows(world, makeCustomers(2)));
  const { page } = await openConsole(started, 'operator', { path: '/reviews' });
  await page.getByText('2 awaited').waitFor();
  const line = page.getByRole('row', { name: 'C100002' });
  await line.getByRole('button', { name: 'Record review' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('How it ended').selectOption('rejected');
  // What is refused is said where somebody looks: in the dialog.
  const today = await dialog.getByLabel('Date of the decision').inputValue();
  await dialog.getByLabel('Date of the decision').fill('2041-01-01');
  await dialog.getByLabel('Evidence').fill('ticket 4711');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await dialog.getByText('(REVIEW_INVALID)').waitFor();
  await expectOnTop(dialog.getByText('Say approved or rejected'));
  await dialog.getByLabel('Date of the decision').fill(today);
  await dialog.getByLabel('Evidence').fill('ticket 4711');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await page.getByText('1 awaited').waitFor();
  await line.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByLabel('Customer space ID').fill('C100002');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('recorded by operator: ticket 4711').waitFor();
  await page.getByText('rejected').first().waitFor();
});

inBrowser('a viewer sees everything, and no button that would be refused', async () => {
  const started = await startConsole();
  const { world } = started;
  const batchId = await importRows(world, makeCustomers(3));
  await waitUntilFinished(world, batchId);
  const { page, complaints } = await openConsole(started, 'viewer');
  await page.getByText('3 of 3').waitFor();
  const forbidden = /Pause|Cancel|New import|Doctor|Record|Try|Discard/;
  for (const path of ['/', `/batches/${batchId}`, `/batches/${batchId}?row=2`, '/reviews']) {
    await page.goto(`${started.address}${path}`);
    await page
      .getByText(/C100002|3 of 3/)
      .first()
      .waitFor();
    expect([path, await page.getByRole('button', { name: forbidden }).count()]).toEqual([path, 0]);
    expect([path, await page.getByRole('link', { name: forbidden }).count()]).toEqual([path, 0]);
  }
  for (const path of ['/import', '/doctor']) {
    await page.goto(`${started.address}${path}`);
    await page.getByRole('heading', { name: 'This page is for operators.' }).waitFor();
  }
  expect(complaints).toEqual([]);
});

inBrowser('the doctor examines, and tells what it found', async () => {
  const started = await startConsole();
  const { page } = await openConsole(started, 'operator', { path: '/doctor' });
  await page.getByRole('button', { name: 'Examine' }).click();
  await page.getByText('Examined at').waitFor();
  expect(await page.getByRole('listitem').count()).toBeGreaterThan(3);
});
