/** The console in Chinese, on a phone: on each page and in each dialog, nothing of what it says itself is English. */
import { expect } from 'vitest';
import { expectToFit, findBarriers, inBrowser, openConsole, startConsole } from '../support/console.ts';
import { findEnglish } from '../support/console-texts.ts';
import { startFull, visit } from '../support/full-console.ts';

const PHONE = { viewport: { width: 390, height: 844 }, locale: 'zh-CN' };

inBrowser('nothing is English, nothing is a barrier, and everything fits', async () => {
  const { started, views } = await startFull();
  const { page, complaints } = await openConsole(started, 'operator', PHONE);
  for (const view of views) {
    await visit(started, page, { ...view, language: 'zh' });
    const found = [await findEnglish(page), await findBarriers(page)];
    expect([view.path, ...found]).toEqual([view.path, [], []]);
    await expectToFit(page);
  }
  expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
});

inBrowser('the check of the above finds what is English', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'operator');
  await page.getByText('No worker is alive').waitFor();
  expect(await findEnglish(page)).toEqual(
    expect.arrayContaining(['Home', 'Pause account', 'Reviews awaited', 'Live', 'Find by name']),
  );
});

inBrowser('an account that stands still says why, and what to do, in Chinese', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'operator', PHONE);
  await started.onboarding.pauseAccount({ by: 'somebody' });
  await page.getByText('由操作员在“首页”点击“恢复账号”即可继续。').waitFor();
  await page.getByText('没有存活的 worker').waitFor();
  expect(await findEnglish(page)).toEqual([]);
  await expectToFit(page);
});

inBrowser('is Chinese for whoever asks for it, and English again for whoever chose that', async () => {
  const started = await startConsole({ isWorking: false });
  const { page } = await openConsole(started, 'operator', { locale: 'zh-CN' });
  await page.getByRole('heading', { name: '首页' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
});
