/** The pages in a real browser: on this machine, and below a path behind nginx. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/http/listen.ts';
import { createLogger } from '../../src/logger.ts';
import { UserCases } from '../../src/onboarding/user-cases.ts';
import { browserPath, openBrowser, PATIENCE_MS } from '../support/browser.ts';
import { makeCustomer } from '../support/customers.ts';
import { EXAMPLE_HOST, hasNginx, startNginx } from '../support/nginx.ts';
import { makeUsers, openInstallation, PASSWORD } from '../support/pages.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

async function startPages(more: Record<string, string> = {}) {
  const world = await createWorld({ environment: { HTTP_PORT: '0' } });
  await importRows(world, [makeCustomer(1), makeCustomer(2)]);
  const users = await makeUsers(world);
  const onboarding = openInstallation(world, { ...users, ...more });
  const server = await startServer({ onboarding, logger: createLogger('silent') });
  onTestFinished(server.stop);
  return { world, address: server.address, path: users.ONBOARD_USERS };
}

/** A page, and everything that went wrong on it: what it asked of other hosts, and what the browser complained about. */
async function openPage(...more: string[]) {
  const browser = await openBrowser(...more);
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const asked = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) asked.add(new URL(request.url()).host);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { context, page, asked, complaints };
}

/** As the example of the docs has it, below `/isv`. */
async function startBehindNginx() {
  const { world, address } = await startPages({
    ONBOARD_BASE_PATH: '/isv',
    ONBOARD_TRUSTED_PROXIES: '127.0.0.1',
    ONBOARD_PUBLIC_URL: `https://${EXAMPLE_HOST}/isv`,
  });
  const host = `${EXAMPLE_HOST}:${await startNginx(new URL(address).origin)}`;
  const open = await openPage(`--host-resolver-rules=MAP ${EXAMPLE_HOST} 127.0.0.1`);
  return { world, host, open };
}

async function logIn(page: Page, name: string): Promise<void> {
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button').click();
}

async function seeBoard(page: Page, account: string): Promise<void> {
  await page.getByText(`submits.rehearsal.${account}`).first().waitFor();
  await page.getByText(`uploads.rehearsal.${account}`).first().click();
  await page.getByText('C100001').first().waitFor();
}

describe.skipIf(browserPath === undefined)('in a real browser', () => {
  it('one logs in, sees the queues and a job, and is out when the user is removed', async () => {
    const { world, address, path } = await startPages();
    const { page, asked, complaints, context } = await openPage();
    await page.goto(`${address}/queues`);
    expect(new URL(page.url()).pathname).toBe('/login');
    await logIn(page, 'operator');
    await seeBoard(page, world.account.name);
    await page.getByText('C100001').first().click();
    expect([...asked]).toEqual([new URL(address).host]);
    expect(complaints).toEqual([]);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await new UserCases(path).remove('operator');
    await page.goto(`${address}/queues`);
    expect(new URL(page.url()).pathname).toBe('/login');
  });

  it("another site's page can neither read nor write, and its links work", async () => {
    const { world, address } = await startPages({ ONBOARD_BOARD_WRITE: 'true' });
    const { page } = await openPage();
    await page.goto(`${address}/queues`);
    await logIn(page, 'operator');
    await seeBoard(page, world.account.name);
    // `localhost` and `127.0.0.1` are two sites.
    const elsewhere = address.replace('127.0.0.1', 'localhost');
    await page.goto(`${elsewhere}/login`);
    const write = `${address}/queues/api/queues/uploads.rehearsal.${world.account.name}/pause`;
    const outcome = await page.evaluate(
      (url) =>
        fetch(url, { method: 'PUT', mode: 'cors', credentials: 'include' }).then(String, () => 'refused'),
      write,
    );
    expect(outcome).toBe('refused');
    expect(await world.open.queues.upload.isPaused()).toBe(false);
    await page.evaluate(`location.href = '${address}/queues'`);
    await seeBoard(page, world.account.name);
  });
});

describe.skipIf(browserPath === undefined || !hasNginx)('behind nginx', () => {
  it('everything works below a path behind nginx, with TLS', async () => {
    const { world, host, open } = await startBehindNginx();
    const { page, asked, complaints, context } = open;
    await page.goto(`https://${host}/isv/queues`);
    await logIn(page, 'viewer');
    await seeBoard(page, world.account.name);
    expect(new URL(page.url()).pathname).toMatch(/^\/isv\/queues/);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', secure: true, path: '/isv' });
    expect([...asked]).toEqual([host]);
    expect(complaints).toEqual([]);
    await page.goto(`https://${host}/isv/logout`);
    await page.locator('button').click();
    await page.waitForURL(`https://${host}/isv/login`);
    await page.goto(`https://${host}/isv/queues`);
    expect(new URL(page.url()).pathname).toBe('/isv/login');
  });

  it('the console is live behind nginx: a batch is paused, resumed and seen to end', async () => {
    const { world, host, open } = await startBehindNginx();
    const { page, asked, complaints } = open;
    await page.goto(`https://${host}/isv`);
    await logIn(page, 'operator');
    await page.getByRole('link', { name: 'customers.csv' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/isv\/batches\//);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByText('by operator').first().waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('The batch goes on.').waitFor();
    // From here on the page is told everything: nobody touches it.
    await startWorkerProgram(world);
    await page.getByRole('heading', { level: 1 }).getByText('finished').waitFor();
    await page.getByRole('img', { name: 'submitted: 2' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Succeeded' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toContain('C100002');
    await page.getByRole('link', { name: 'Queues' }).click();
    await page.getByText(`submits.rehearsal.${world.account.name}`).first().waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/isv\/queues/);
    expect([...asked]).toEqual([host]);
    expect(complaints).toEqual([]);
  });
});
