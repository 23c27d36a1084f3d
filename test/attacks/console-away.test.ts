/** The console while Redis is away, and in a tab whose user has logged out in another. */
import { expect } from 'vitest';
import { inBrowser, openConsole, startConsole } from '../support/console.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

inBrowser(
  'does not call itself live while Redis is away, keeps what it knew, and is live again by itself',
  async () => {
    const { url, server } = await startSingleRedis();
    const started = await startConsole({ redisUrl: url, isWorking: false });
    await importRows(started.world, makeCustomers(3), '--name', 'in sight');
    const { page } = await openConsole(started, 'operator');
    const live = page.getByText('Live', { exact: true });
    await live.waitFor();
    await page.getByRole('row', { name: /in sight/ }).waitFor();
    await server.kill();
    await page.getByText('The connection to the server is lost.').waitFor();
    await live.waitFor({ state: 'detached' });
    await page.getByText('Connection lost').waitFor();
    // What was known is still there, beside what went wrong.
    await page.getByRole('row', { name: /in sight/ }).waitFor();
    await page.getByRole('alert').getByText('REDIS_UNREACHABLE').first().waitFor();
    server.restart();
    await live.waitFor();
    await page.getByText('The connection to the server is lost.').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await page
      .getByRole('row', { name: /in sight/ })
      .getByText('0 of 3')
      .waitFor();
  },
);

inBrowser(
  'leads to the login in the second tab of somebody who logged out in the first, and changes nothing',
  async () => {
    const started = await startConsole({ isWorking: false });
    const { page } = await openConsole(started, 'operator');
    const second = await page.context().newPage();
    await second.goto(started.address);
    await second.getByRole('article').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.locator('input[name=password]').waitFor();
    await second.getByRole('button', { name: 'Pause account' }).click();
    await second.getByRole('dialog').getByRole('button', { name: 'Pause account' }).click();
    await second.locator('input[name=password]').waitFor();
    expect(new URL(second.url()).pathname).toBe('/login');
    expect(await started.world.open.pause.read()).toBeUndefined();
  },
);
