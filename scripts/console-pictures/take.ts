/** Takes the pictures of the console and of the queues for the docs, from a real one in the middle of its work. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from '../../test/support/browser.ts';
import { ensureBuilt } from '../ensure-built.ts';
import { makeRows, setStage, USER, writeTable } from './stage.ts';

const PICTURES = 'docs/pictures';
const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
const BOARD = { viewport: { width: 1280, height: 420 }, deviceScaleFactor: 1.5 };
const LOOK_EVERY_MS = 100;
const CUSTOMERS = 240;
const FIRST = 200_100;
/** By when the pictures of a batch at work are taken. */
const HALF_DONE = /submitted: (?:[89]\d|1\d\d)/;

await ensureBuilt();
const stage = await setStage();
const browser = await openBrowser();
try {
  await stage.importRows('December sign-ups', makeRows(100_100, 20));
  await stage.importRows('Partner, first batch', makeRows(300_100, 12), 'partner');
  await stage.importRows('January sign-ups', makeRows(FIRST, CUSTOMERS));
  await takeBatch();
  await takeImport();
} finally {
  await browser.close();
  await stage.close();
}

async function open(look: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, locale: 'en-GB', ...look });
  const page = await context.newPage();
  await page.goto(stage.address);
  await page.locator('input[name=name]').fill(USER.name);
  await page.locator('input[name=password]').fill(USER.password);
  await page.locator('button').click();
  await page.getByRole('link', { name: 'January sign-ups' }).waitFor();
  return page;
}

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  const path = join(PICTURES, `console-${name}.png`);
  await page.screenshot({ path, fullPage, animations: 'disabled' });
}

async function takeBatch(): Promise<void> {
  const looks = {
    light: {},
    dark: { colorScheme: 'dark' },
    zh: { locale: 'zh-CN' },
    phone: { viewport: PHONE },
    board: BOARD,
  };
  const [light, dark, zh, phone, board] = await Promise.all(
    Object.values(looks).map((look) => open(look as BrowserContextOptions)),
  );
  if (!light || !dark || !zh || !phone || !board) return;
  const batch = async (page: Page) => {
    await page.getByRole('link', { name: 'January sign-ups' }).click();
    await page.getByText('C200107').first().waitFor();
  };
  await Promise.all([batch(light), batch(dark), batch(phone), board.goto(`${stage.address}/queues`)]);
  await light.getByRole('img', { name: HALF_DONE }).waitFor({ timeout: 120_000 });
  await take(light, 'batch');
  await take(dark, 'dark');
  await take(zh, 'chinese');
  await take(phone, 'phone');
  await light.getByRole('link', { name: 'Home' }).click();
  await light.getByText('Alibaba Cloud refuses the account').waitFor();
  await take(light, 'home');
  await takeBoard(board);
  await batch(light);
  await light.getByRole('button', { name: 'Open row 8', exact: true }).click();
  await light.getByRole('dialog').getByText('onboarding@customer-200107.example').waitFor();
  await take(light, 'row');
}

/** With both queues of one account at work. */
async function takeBoard(page: Page): Promise<void> {
  const areBothAtWork = async () => {
    const response = await page.request.get(`${stage.address}/queues/api/queues`);
    const { queues } = (await response.json()) as {
      queues: { name: string; counts: Record<string, number> }[];
    };
    const own = queues.filter(({ name }) => name.endsWith('.direct'));
    return own.every(({ counts }) => (counts.active ?? 0) > 0);
  };
  while (!(await areBothAtWork())) await sleep(LOOK_EVERY_MS);
  await page.reload();
  await page.locator('main').getByText('submits.rehearsal.direct').waitFor();
  await page.screenshot({ path: 'docs/board.png' });
}

async function takeImport(): Promise<void> {
  const rows = makeRows(400_100, 212);
  const changes: [number, Record<string, string>][] = [
    [3, { ContactMail: 'mei.chen(at)example.com' }],
    [17, { CountryId: 'Singapur' }],
    [58, { IsvTerms: 'agreement-missing.pdf' }],
  ];
  for (const [index, change] of changes) rows[index] = { ...rows[index], ...change };
  const table = await writeTable(stage.folder, rows);
  const pdfs = rows
    .map(({ IsvTerms = '' }) => IsvTerms)
    .filter((name) => !name.includes('missing'))
    .map((name) => join(stage.folder, 'signed', name));
  const page = await open();
  await page.getByRole('link', { name: 'New import' }).first().click();
  const files = await Promise.all(
    [table, ...pdfs].map(async (path) => ({
      name: path.split('/').at(-1) ?? '',
      mimeType: path.endsWith('.pdf') ? 'application/pdf' : 'text/csv',
      buffer: await readFile(path),
    })),
  );
  await page.locator('input[type=file]').setInputFiles(files);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Register 209 customers').waitFor();
  await take(page, 'import', true);
}
