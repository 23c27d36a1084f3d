/** The console in a real browser, over a real server, with everything behind it. */

import axe from 'axe-core';
import type { BrowserContextOptions, FileChooser, Locator, Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/http/listen.ts';
import type { Onboarding } from '../../src/index.ts';
import { createLogger } from '../../src/logger.ts';
import { browserPath, openBrowser, PATIENCE_MS } from './browser.ts';
import { makeUsers, openInstallation, PASSWORD } from './pages.ts';
import { startWorkerProgram } from './programs.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

/** A test that a machine without a browser leaves out. */
export const inBrowser = it.skipIf(browserPath === undefined);

export interface Console {
  world: World;
  /** As the first server has it. */
  onboarding: Onboarding;
  /** With the base path, without a slash at the end. */
  address: string;
  /** Ends the server. */
  stop(): Promise<void>;
  /** Starts another one in its place. */
  startAgain(): Promise<void>;
}

export interface ConsoleOptions extends WorldOptions {
  /** Of the server. */
  more?: Record<string, string>;
  /** Whether a worker process sends the rows. */
  isWorking?: boolean;
}

/** A server with the users `operator` and `viewer`, and a worker. */
export async function startConsole(options: ConsoleOptions = {}): Promise<Console> {
  const { more = {}, isWorking = true, ...worldOptions } = options;
  const world = await createWorld({
    rate: 50,
    ourRate: 50,
    ...worldOptions,
  });
  const users = await makeUsers(world);
  const key = { ONBOARD_SESSION_KEY: 'a session that outlives the server it began with' };
  const serve = async (port: string) => {
    const onboarding = openInstallation(world, { ...users, ...key, ...more, HTTP_PORT: port });
    return { onboarding, ...(await startServer({ onboarding, logger: createLogger('silent') })) };
  };
  let server = await serve('0');
  onTestFinished(() => server.stop());
  if (isWorking) await startWorkerProgram(world);
  const { address, onboarding } = server;
  return {
    world,
    onboarding,
    address,
    stop: () => server.stop(),
    async startAgain() {
      server = await serve(new URL(address).port);
    },
  };
}

export interface Opened {
  page: Page;
  /** Every other host that was asked. */
  foreign: Set<string>;
  /** What the browser complained about: scripts that fail, policies that are broken. */
  complaints: string[];
}

/** A browser that nobody has logged in with. */
export async function openPage({ address }: Console, look: BrowserContextOptions = {}): Promise<Opened> {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    acceptDownloads: true,
    ...look,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const foreign = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host !== new URL(address).host) foreign.add(host);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, foreign, complaints };
}

/** Opens the console as somebody who logs in first. */
export async function openConsole(
  started: Console,
  name: 'operator' | 'viewer',
  { path = '/', ...look }: BrowserContextOptions & { path?: string } = {},
): Promise<Opened> {
  const opened = await openPage(started, look);
  const { page } = opened;
  await page.goto(`${started.address}${path}`);
  await page.locator('input[name=name]').fill(name);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button').click();
  // The page of the login has a heading too.
  await page.locator('#content h1').waitFor();
  return opened;
}

/**
 * What a file input asks for once `act` has made it ask. Playwright has choosers reported from when somebody first listens,
 * and does not wait until that is so: a key that comes first opens the browser's own dialog, which nobody sees.
 */
export async function chooserOf(page: Page, act: () => Promise<void>): Promise<FileChooser> {
  const reported = page.waitForEvent('filechooser');
  // What a page is told keeps its order: after this answer choosers are reported.
  const acted = page.evaluate('undefined').then(act);
  const [chooser] = await Promise.all([reported, acted]);
  return chooser;
}

/** What axe finds wrong with a page, in words. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** Whether everything fits in the width of the window. */
export async function expectToFit(page: Page): Promise<void> {
  const [needed, there] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
    number,
    number,
  ];
  expect(needed).toBeLessThanOrEqual(there);
}

/** Whether somebody can see it: nothing lies above it. */
export async function expectOnTop(shown: Locator): Promise<void> {
  const { x, y, width, height } = (await shown.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const point = `${x + width / 2}, ${y + height / 2}`;
  const text = await shown.page().evaluate(`document.elementFromPoint(${point}).textContent`);
  expect(text).toBe(await shown.textContent());
}

/** Presses a button that asks first, and says yes. */
export async function doAndConfirm(page: Page, name: string | RegExp, yes = name): Promise<void> {
  await page.getByRole('button', { name }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: yes }).click();
}
