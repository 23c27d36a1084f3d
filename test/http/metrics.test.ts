/** What is told to Prometheus, by the server and by each worker, and that dashboards and rules ask for nothing else. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pauseAccount } from '../../src/batch/pause.ts';
import { AppError } from '../../src/errors.ts';
import { buildWorkerApp } from '../../src/http/worker-app.ts';
import type { Batch } from '../../src/ledger/batch-record.ts';
import { etaOf } from '../../src/onboarding/account-measures.ts';
import { CallCounts } from '../../src/pace/call-counts.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { createBatch, makeRow } from '../support/ledger.ts';
import { logIn, makeApp, makeUsers, openInstallation } from '../support/pages.ts';
import { importRows } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

/** @returns the value of a series; NaN if there is none */
function readerOf(body: string) {
  const lines = body.split('\n');
  return (series: string) =>
    Number(
      lines
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1),
    );
}

const namesIn = (text: string) => new Set(text.match(/\b(onboard|process|nodejs)_[a-z0-9_]+/g));

/** A world in which two customers were submitted, one call throttled, and a third waits. */
async function createBusyWorld() {
  const world = await createWorld({
    faults: [{ operation: 'submit', kind: 'error', code: 'Throttling.User', times: 1 }],
  });
  const workers = await runWorkers(world);
  await waitUntilFinished(world, await importRows(world, makeCustomers(2)));
  await world.open.queues.upload.pause();
  await importRows(world, [makeCustomer(3)]);
  return { world, workers };
}

const FILES = ['observability/alerts.yml', 'observability/dashboard.json', 'kubernetes/scaling.yaml'].map(
  (name) => `docs/${name}`,
);

it('tells calls, pace, jobs, rows, breaker and workers, the same at every scrape', async () => {
  const { world, workers } = await createBusyWorld();
  const app = await makeApp(world);
  const [first, second] = await Promise.all([app.inject('/metrics'), app.inject('/metrics')]);
  const account = `account="${world.account.name}"`;
  const numberOf = readerOf(first.body);
  // A grant that came too late is asked for again, so there may be more.
  expect(numberOf(`onboard_calls_granted_total{${account},step="upload"}`)).toBeGreaterThanOrEqual(2);
  expect(numberOf(`onboard_calls_granted_total{${account},step="submit"}`)).toBeGreaterThanOrEqual(3);
  expect(numberOf(`onboard_calls_throttled_total{${account},step="submit"}`)).toBe(1);
  expect(numberOf(`onboard_pace_interval_seconds{${account},step="submit"}`)).toBeGreaterThan(0.2);
  expect(numberOf(`onboard_breaker_open{${account}}`)).toBe(0);
  expect(numberOf(`onboard_outage_open{${account}}`)).toBe(0);
  expect(numberOf(`onboard_workers{${account}}`)).toBe(1);
  expect(numberOf(`onboard_workers_working{${account}}`)).toBe(1);
  expect(numberOf(`onboard_held{${account},reason="accountPaused"}`)).toBe(1);
  expect(numberOf(`onboard_held{${account},reason="noWorker"}`)).toBe(0);
  expect(numberOf(`onboard_jobs{${account},queue="upload",state="prioritized"}`)).toBe(1);
  expect(numberOf(`onboard_rows{${account},outcome="pending"}`)).toBe(1);
  expect(numberOf(`onboard_batches{${account},state="running"}`)).toBe(1);
  expect(numberOf(`onboard_oldest_waiting_row_age_seconds{${account}}`)).toBeGreaterThan(0);
  expect(numberOf('onboard_redis_up')).toBe(1);
  // Nothing moves while the queue is paused.
  expect(numberOf(`onboard_eta_seconds{${account}}`)).toBeNaN();
  const ofAccounts = (body: string) =>
    body.split('\n').filter((line) => line.includes(account) && !line.includes('_age_'));
  expect(ofAccounts(second.body)).toEqual(ofAccounts(first.body));
  expect(first.headers['content-type']).toContain('text/plain');

  const probed = buildWorkerApp(() => workers);
  const ready = await probed.inject('/readyz');
  const standing = { account: world.account.name, takesJobs: true, troubles: [] };
  expect([ready.statusCode, ready.json()]).toEqual([
    200,
    { status: 'ready', redis: 'ok', accounts: [standing] },
  ]);
  const { body } = await probed.inject('/metrics');
  const callsOf = (operation: string, answer: string) =>
    readerOf(body)(`onboard_calls_total{${account},operation="${operation}",class="${answer}"}`);
  expect([callsOf('authorize', 'ok'), callsOf('put', 'ok'), callsOf('submit', 'ok')]).toEqual([2, 2, 2]);
  expect([callsOf('submit', 'throttled'), callsOf('submit', 'ambiguous')]).toEqual([1, 0]);
  expect(readerOf(body)(`onboard_worker_trouble{${account},kind="clock"}`)).toBe(0);

  const told = namesIn(first.body + body);
  for (const file of FILES) {
    const asked = namesIn(readFileSync(file, 'utf8'));
    expect([file, [...asked].filter((name) => !told.has(name))]).toEqual([file, []]);
  }
  await workers.stop();
  const stopped = await probed.inject('/readyz');
  expect([stopped.statusCode, stopped.json()]).toMatchObject([503, { status: 'stopping' }]);
});

/** Fails the rows, each with its code. */
async function failRows({ open: { ledger } }: World, codes: readonly string[]): Promise<void> {
  await createBatch(
    ledger,
    'b',
    codes.map((_code, index) => makeRow(index + 1)),
  );
  for (const [index, code] of codes.entries()) {
    const place = { batchId: 'b', row: index + 1 };
    await ledger.transition({ ...place, to: 'failed', patch: { code } });
  }
}

describe('labels come from closed lists', () => {
  it('for codes that the peer makes up', async () => {
    const world = await createWorld();
    const madeUp = ['New.One', 'New.Two', 'onboard"} 1'];
    await failRows(world, ['CUSTOMER_BUSY', 'InvalidParameter.A', 'InvalidParameter.B', ...madeUp]);
    const { body } = await (await makeApp(world)).inject('/metrics');
    const rows = body.split('\n').filter((line) => line.startsWith('onboard_rows_failed{'));
    const account = `account="${world.account.name}"`;
    expect(rows.sort()).toEqual([
      `onboard_rows_failed{${account},code="CUSTOMER_BUSY"} 1`,
      `onboard_rows_failed{${account},code="InvalidParameter"} 2`,
      `onboard_rows_failed{${account},code="other"} 3`,
    ]);
  });

  it('for paths that callers make up', async () => {
    const app = await makeApp(await createWorld());
    for (const path of ['/a', '/b?c=d', '/queues/api/queues/no-such/1', '/queues/api/queues/no-such/2'])
      await app.inject(path);
    await app.inject('/healthz');
    const { body } = await app.inject('/metrics');
    const numberOf = readerOf(body);
    expect(numberOf('onboard_http_requests_total{method="GET",route="none",status="404"}')).toBe(2);
    expect(numberOf('onboard_http_requests_total{method="GET",route="/healthz",status="200"}')).toBe(1);
    expect(body).not.toContain('no-such');
    expect(numberOf('onboard_http_request_duration_seconds_count{method="GET",route="/healthz"}')).toBe(1);
    expect(body).toMatch(/^process_resident_memory_bytes \d+/m);
  });
});

it('tells about itself while Redis is away', async () => {
  const world = await createWorld();
  const onboarding = openInstallation(world, await makeUsers(world));
  const app = await makeApp(world, {}, { onboarding });
  const headers = await logIn(app, 'viewer');
  await onboarding.close();
  const { statusCode, body } = await app.inject({ url: '/metrics', headers });
  expect([statusCode, readerOf(body)('onboard_redis_up')]).toEqual([200, 0]);
  expect(body).toContain('process_cpu_seconds_total');
});

it('tells nothing to those who have not logged in', async () => {
  const world = await createWorld();
  const app = await makeApp(world, await makeUsers(world));
  expect((await app.inject('/metrics')).statusCode).toBe(401);
});

it('says when all rows will be done, paused batches aside, and how long the oldest has waited', async () => {
  const batch = (changes: Partial<Batch>) =>
    ({ state: 'running', counts: { pending: 5, uploaded: 5, submitted: 9 }, ...changes }) as Batch;
  const zero = { waiting: 0, uploading: 0, submitting: 0, failed: 0, unchanged: 0, cancelled: 0 };
  const counts = { ...zero, pending: 5, uploaded: 5, submitted: 9 };
  const look = { intervalMs: 200, now: 1_000_000 };
  expect(etaOf([], look)).toBe(0);
  expect(etaOf([batch({ counts }), batch({ counts, state: 'paused' })], look)).toBe(2);
  expect(etaOf([batch({ counts }), batch({ counts, notBefore: 1_060_000 })], look)).toBe(62);

  const { open } = await createWorld();
  await createBatch(
    open.ledger,
    'b',
    [1, 2, 3].map((row) => makeRow(row)),
  );
  const enrolled = (await open.ledger.readRow('b', 1))?.record.at ?? 0;
  const move = { batchId: 'b', row: 1 };
  for (const to of ['uploading', 'pending'] as const) await open.ledger.transition({ ...move, to });
  // The first row has just come back; the second has waited since it was enrolled.
  expect(await open.ledger.findOldestWaiting('b')).toBeLessThanOrEqual(enrolled);
  await pauseAccount(open, { by: 'test' });
  for (const row of [1, 2, 3]) await open.ledger.transition({ batchId: 'b', row, to: 'failed' });
  expect(await open.ledger.findOldestWaiting('b')).toBeUndefined();
});

it('finds the one row that waits behind 999,999 that are done, without reading those', async () => {
  const { open } = await createWorld();
  await createBatch(open.ledger, 'b', [makeRow(1_000_000)]);
  const begun = performance.now();
  expect(await open.ledger.findOldestWaiting('b')).toBe(
    (await open.ledger.readRow('b', 1_000_000))?.record.at,
  );
  expect(performance.now() - begun).toBeLessThan(1_000);
});

it('counts a call once, by what came of it', () => {
  const counts = new CallCounts();
  counts.count('submit');
  counts.count('submit', new AppError('PEER_TIMEOUT', 'no answer', { class: 'ambiguous' }));
  counts.count('put', new AppError('PEER_UNREACHABLE', 'no network', { wasSent: false }));
  counts.count('authorize', new AppError('USAGE', 'not a class of calls'));
  const counted = counts.list().filter(({ calls }) => calls > 0);
  expect(counted.map(({ operation, answer, calls }) => `${operation} ${answer} ${calls}`).sort()).toEqual([
    'authorize unknown 1',
    'put unsent 1',
    'submit ambiguous 1',
    'submit ok 1',
  ]);
});
