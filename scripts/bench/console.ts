/** How long the console and the API take about a huge batch of which one part is done, some rows failed, and most wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchJson } from '../../src/http/json/batch.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { renderTable } from '../../src/text.ts';
import { browserPath } from '../../test/support/browser.ts';
import { type HugeBatch, measurePages } from './console-pages.ts';
import { measureRoutes, measureUnchanged } from './console-routes.ts';
import { memoryMiB, onboard, peakMiB, startWorker } from './processes.ts';
import { openStage, type Stage } from './stage.ts';

const ROWS = 1_000_000;
/** How long rows are sent as fast as it goes, before anything is measured. */
const SENDING_MS = 60_000;
const FAST = 1_000;
/** While it is measured, rows are sent at the real rate: the pages have news to show. */
const REAL = 5;
const refused = (field: string) => ({
  operation: 'submit' as const,
  kind: 'error' as const,
  code: `InvalidParameter.${field}`,
  message: `The parameter ${field} is not valid.`,
});

/** @param rows of the batch */
export async function benchConsole(redisUrl: string, rows = String(ROWS)): Promise<string> {
  if (browserPath === undefined) throw new Error('There is no Chromium on this machine.');
  const faults = [
    { ...refused('ContactMail'), match: '[37]3$' },
    { ...refused('CountryId'), match: '91$' },
  ];
  const stage = await openStage(redisUrl, { rate: FAST, latencyMs: 1, faults });
  try {
    const begun = performance.now();
    await stage.importCustomers(Number(rows));
    const importSeconds = (performance.now() - begun) / 1000;
    await sendSome(stage);
    stage.simulator.state.options.rate = REAL;
    const measured = await measure(stage, Number(rows));
    return `${rows} rows, imported in ${importSeconds.toFixed(0)} s; ${measured}`;
  } finally {
    await stage.close();
  }
}

/** So that there are rows of several outcomes. */
async function sendSome({ environment }: Stage): Promise<void> {
  const worker = await startWorker({ ...environment, CHATAPP_RATE_PER_SECOND: String(FAST) });
  await sleep(SENDING_MS);
  await worker.stop();
}

async function measure({ environment }: Stage, rows: number): Promise<string> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const worker = await startWorker({ ...environment, CHATAPP_RATE_PER_SECOND: String(REAL) });
  const server = onboard(['serve'], { ...environment, HTTP_PORT: String(port) });
  try {
    await untilReady(address);
    const before = memoryMiB(server);
    const { id, name, counts } = await newestBatch(address);
    const batch: HugeBatch = { id, name, rows };
    const routes = await measureRoutes(address, batch);
    const pages = await measurePages(address, batch);
    await worker.stop();
    routes.push(await measureUnchanged(address, batch));
    const after = [before, memoryMiB(server), peakMiB(server)].map((mib) => mib.toFixed(0));
    const some = `submitted ${counts.submitted}, failed ${counts.failed}, pending ${counts.pending}`;
    const memory = `memory of serve (MiB): ${after[0]} at first, ${after[1]} at the end, ${after[2]} at most`;
    return `${some}\n${memory}\n\n${renderTable(pages)}\n\n${renderTable(routes)}`;
  } finally {
    await Promise.all([server.stop(), worker.stop()]);
  }
}

async function newestBatch(address: string): Promise<BatchJson> {
  const { batches } = (await (await fetch(`${address}/v1/batches`)).json()) as { batches: [BatchJson] };
  return batches[0];
}

async function untilReady(address: string): Promise<void> {
  const late = AbortSignal.timeout(30_000);
  while (!(await fetch(`${address}/readyz`).catch(() => undefined))?.ok) {
    late.throwIfAborted();
    await sleep(50);
  }
}
