/** How long somebody waits for what the console shows of a huge batch, in a real browser. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../test/support/browser.ts';

export interface HugeBatch {
  id: string;
  name: string;
  rows: number;
}

const TIMES = 5;
const SLOW_MS_MAX = 60_000;

/** What is done, and what is seen at its end. */
interface Step {
  name: string;
  /** Where it begins; somewhere else than in the console if it is about opening a page. */
  from?: string;
  act(page: Page): Promise<unknown>;
}

/** @returns a table. Leaves a picture of the page of the batch behind, and says where */
export async function measurePages(address: string, batch: HugeBatch): Promise<string[][]> {
  const table = [['in the browser', 'median ms', 'most ms']];
  const browser = await openBrowser();
  try {
    for (const step of stepsOf(address, batch)) {
      const times: number[] = [];
      for (let time = 0; time < TIMES; time++) times.push(await measureStep(browser, step));
      const sorted = times.toSorted((a, b) => a - b);
      const numbers = [sorted[Math.floor(TIMES / 2)], sorted.at(-1)].map((ms) => (ms ?? 0).toFixed(0));
      table.push([step.name, ...numbers]);
      process.stderr.write(`${table.at(-1)?.join('  ')}\n`);
    }
    await takePicture(browser, address, batch);
  } finally {
    await browser.close();
  }
  return table;
}

/** Each time in a browser that knows nothing yet. */
async function measureStep(browser: Browser, { from, act }: Step): Promise<number> {
  const page = await openPage(browser);
  try {
    if (from !== undefined) {
      await page.goto(from);
      await rowsOf(page).getByRole('button', { name: 'Open row' }).first().waitFor();
    }
    const begun = performance.now();
    await act(page);
    return performance.now() - begun;
  } finally {
    await page.context().close();
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB' });
  context.setDefaultTimeout(SLOW_MS_MAX);
  return context.newPage();
}

const rowsOf = (page: Page) => page.getByRole('region', { name: 'Rows', exact: true });
const idOf = (row: number) => `C${1_000_000 + row}`;

/** Everything that is in sight of the page of a batch. */
async function untilBatchIsSeen(page: Page, { name, rows }: HugeBatch): Promise<void> {
  await Promise.all([
    page.getByRole('heading', { level: 1, name }).waitFor(),
    page.getByText(`${rows.toLocaleString('en-GB')} rows`).waitFor(),
    page.getByRole('region', { name: 'Failures' }).getByText('InvalidParameter.CountryId').first().waitFor(),
    page.locator('.uplot').or(page.getByText('Nothing has ended yet.')).waitFor(),
    rowsOf(page).getByText(idOf(1), { exact: true }).waitFor(),
    rowsOf(page).getByText(idOf(50), { exact: true }).waitFor(),
  ]);
}

/** Does something that asks for other rows, and waits until the first of them is seen. */
async function untilAnswered(page: Page, query: string, act: () => Promise<unknown>): Promise<void> {
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.url().includes(query) && answer.ok()),
    act(),
  ]);
  const { rows } = await response.json();
  await rowsOf(page).getByText(rows[0].custSpaceId, { exact: true }).waitFor();
}

function stepsOf(address: string, batch: HugeBatch): Step[] {
  const { id, name, rows } = batch;
  const from = `${address}/batches/${id}`;
  const choose = (label: string, value: string, query: string) => (page: Page) =>
    untilAnswered(page, query, () => page.getByRole('combobox', { name: label }).selectOption(value));
  const find = (text: string, row: number) => async (page: Page) => {
    await page.getByLabel('Find an ID or a name').fill(text);
    await rowsOf(page).getByText(idOf(row), { exact: true }).waitFor();
  };
  const openRow = async (page: Page) => {
    const drawer = page.getByRole('dialog', { name: 'Row 2' });
    await page.getByRole('button', { name: 'Open row 2', exact: true }).click();
    await drawer.getByText('person2@customer.example').waitFor();
  };
  const openHome = async (page: Page) => {
    await page.goto(`${address}/`);
    await page.getByRole('link', { name }).waitFor();
    await page
      .getByText(`of ${rows.toLocaleString('en-GB')}`)
      .first()
      .waitFor();
  };
  const openBatch = async (page: Page, more = '') => {
    await page.goto(`${from}${more}`);
    await untilBatchIsSeen(page, batch);
  };
  const next = (page: Page) =>
    untilAnswered(page, 'cursor=', () => rowsOf(page).getByRole('button', { name: 'Next' }).click());
  return [
    { name: 'home, with the batch in its list', act: openHome },
    { name: 'the batch: head, counts, failures, chart, first 50 rows', act: (page) => openBatch(page) },
    {
      name: 'the batch with the last row open, from its address',
      act: async (page) => {
        await openBatch(page, `?row=${rows}`);
        await page.getByRole('dialog').getByText(`person${rows}@customer.example`).waitFor();
      },
    },
    { name: 'rows: failed', from, act: choose('Outcome', 'failed', 'outcome=failed') },
    { name: 'rows: pending', from, act: choose('Outcome', 'pending', 'outcome=pending') },
    { name: 'rows: a code', from, act: choose('Code', 'InvalidParameter.CountryId', 'code=') },
    { name: 'rows: review awaited', from, act: choose('Review', 'awaited', 'review=awaited') },
    { name: 'rows: next page', from, act: next },
    { name: 'rows: the id of the last (0.25 s of it until typing ends)', from, act: find(idOf(rows), rows) },
    { name: 'rows: the name of row 777', from, act: find('示例公司 777', 777) },
    { name: 'rows: the name of the last', from, act: find(`示例公司 ${rows}`, rows) },
    { name: 'the drawer of a row', from, act: openRow },
  ];
}

async function takePicture(browser: Browser, address: string, batch: HugeBatch): Promise<void> {
  const page = await openPage(browser);
  await page.goto(`${address}/batches/${batch.id}`);
  await untilBatchIsSeen(page, batch);
  const path = join(tmpdir(), 'onboard-bench-console.png');
  await page.screenshot({ path, animations: 'disabled' });
  process.stderr.write(`A picture of it: ${path}\n`);
}
