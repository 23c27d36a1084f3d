/** A console with something of everything, and each page and dialog of it, whatever its language is. */
import { stringify } from 'csv-stringify/sync';
import type { Page } from 'playwright-core';
import { TEXTS } from '../../src/console/text/texts.ts';
import { type Console, openConsole, startConsole } from './console.ts';
import { makeCustomer, makeCustomers } from './customers.ts';
import { makePdf } from './pdf.ts';
import { importRows } from './programs.ts';
import { waitUntilFinished } from './waiting.ts';

type Language = keyof typeof TEXTS;
type Texts = (typeof TEXTS)[Language];

/** What can be looked at. */
export interface View {
  path: string;
  /** What is on it when it is there. */
  text: string;
  /** The button that opens a dialog on it, or shows more. */
  button?(texts: Texts): string;
  /** What it opens. */
  opens?: 'dialog' | 'listitem';
}

const LATER = '2031-01-01T08:00';

const tableOf = (rows: readonly Record<string, string>[]) => ({
  name: 'customers.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(stringify([...rows], { header: true })),
});

/** A finished batch of six customers, one of which was refused. */
export async function startWithBatch(): Promise<{ started: Console; batchId: string }> {
  const fault = {
    operation: 'submit',
    kind: 'error',
    match: '^C100003$',
    code: 'InvalidParameter.X',
  } as const;
  const started = await startConsole({ faults: [fault] });
  const batchId = await importRows(started.world, makeCustomers(6));
  await waitUntilFinished(started.world, batchId);
  return { started, batchId };
}

/** The same with a batch that starts later, the draft that it was, a draft with errors, and an observation. */
export async function startFull(): Promise<{ started: Console; views: View[] }> {
  const { started, batchId } = await startWithBatch();
  const observed = { custSpaceId: 'C100001', instanceId: 'i-1', state: 'published', isvTerms: 'isv/a.pdf' };
  await started.world.open.ledger.keepObserved({ at: Date.now(), generation: 1 }, [observed]);
  const { page } = await openConsole(started, 'operator', { path: '/import' });
  const good = makeCustomer(11);
  const pdf = { name: 'agreement-11.pdf', mimeType: 'application/pdf', buffer: makePdf(['Agreement']) };
  const registered = await makeDraft(page, [tableOf([good]), pdf]);
  await page.getByLabel('Start at').fill(LATER);
  await page.getByRole('button', { name: /Register 1 customer/ }).click();
  await page.getByText('Starts later').waitFor();
  const later = new URL(page.url()).pathname;
  await page.goto(`${started.address}/import`);
  const open = await makeDraft(page, [tableOf([makeCustomer(12, { ContactMail: 'nobody' })])]);
  await page.context().close();
  const row = `/batches/${batchId}?row=`;
  return {
    started,
    views: [
      { path: '/', text: batchId },
      { path: '/import', text: 'CSV' },
      { path: open, text: 'EMAIL_INVALID' },
      { path: registered, text: later.split('/').at(-1) ?? '' },
      { path: `/batches/${batchId}`, text: 'C100006' },
      { path: `/batches/${batchId}`, text: 'C100006', button: ({ batch }) => batch.tryAgain },
      { path: `/batches/${batchId}`, text: 'C100006', button: ({ batch }) => batch.purge },
      { path: later, text: 'C100011', button: ({ batch }) => batch.priority },
      { path: `${row}3`, text: 'person3@customer.example', button: ({ batch }) => batch.retryRow },
      { path: `${row}1`, text: 'published' },
      { path: '/customers/C100001', text: 'published' },
      { path: '/reviews', text: 'C100001', button: ({ customer }) => customer.record },
      { path: '/doctor', text: 'Redis', button: ({ home }) => home.doctorRun, opens: 'listitem' },
      { path: '/batches/nothing', text: 'BATCH_UNKNOWN' },
    ],
  };
}

interface File {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** @returns its path */
async function makeDraft(page: Page, files: File[]): Promise<string> {
  await page.getByLabel('Choose files').setInputFiles(files);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('button', { name: /^Register/ }).waitFor();
  return new URL(page.url()).pathname;
}

/** Looks at a page, with its dialog open if it has one. */
export async function visit(
  { address }: Console,
  page: Page,
  { path, text, button, opens = 'dialog', language = 'en' }: View & { language?: Language },
): Promise<void> {
  await page.goto(`${address}${path}`);
  await page.getByText(text).first().waitFor();
  if (button === undefined) return;
  const before = await page.getByRole(opens).count();
  await page
    .getByRole('button', { name: button(TEXTS[language]) })
    .first()
    .click();
  await page.getByRole(opens).nth(before).waitFor();
}
