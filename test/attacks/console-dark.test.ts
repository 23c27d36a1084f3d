/** The console in the dark, on a phone: each page and each dialog; and who chooses that it is dark. */
import { expect } from 'vitest';
import { expectToFit, findBarriers, inBrowser, openConsole, startConsole } from '../support/console.ts';
import { startFull, visit } from '../support/full-console.ts';

inBrowser('has no barriers on any page or in any dialog, in the dark, and fits a phone', async () => {
  const { started, views } = await startFull();
  const { page, complaints } = await openConsole(started, 'operator', {
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
  });
  for (const view of views) {
    await visit(started, page, view);
    expect([view.path, await findBarriers(page)]).toEqual([view.path, []]);
    await expectToFit(page);
  }
  expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
});

inBrowser('is dark where the system is, and where somebody chose it', async () => {
  const started = await startConsole({ isWorking: false });
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
