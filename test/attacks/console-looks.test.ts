/** The console for those who cannot see it, on a desk: each page and each dialog. */
import { expect } from 'vitest';
import { expectToFit, findBarriers, inBrowser, openConsole } from '../support/console.ts';
import { startFull, visit } from '../support/full-console.ts';

inBrowser('has no barriers on any page or in any dialog, and fits', async () => {
  const { started, views } = await startFull();
  const { page, complaints } = await openConsole(started, 'operator', {});
  for (const view of views) {
    await visit(started, page, view);
    expect([view.path, await findBarriers(page)]).toEqual([view.path, []]);
    await expectToFit(page);
  }
  expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
});
