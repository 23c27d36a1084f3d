/** Traces, in real processes: the way of a batch as spans at a collector, and nothing of its customers in them. */
import { expect, it } from 'vitest';
import { pathOf, spansOf } from '../support/collector.ts';
import { type CustomerRow, makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { startReceiver } from '../support/receiver.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { createWorld, type World } from '../support/world.ts';

const TELLS_LOADS = `--import=${new URL('../support/tell-loads.mjs', import.meta.url).href}`;
const WITHOUT_OPTIONAL = `--import=${new URL('../support/without-optional.mjs', import.meta.url).href}`;
const FAST = { rate: 50, ourRate: 50 };

/** A world whose programs send their spans to an address, and tell what they load. */
const createTraced = (endpoint: string | undefined, faults: Parameters<typeof createWorld>[0] = {}) =>
  createWorld({
    ...FAST,
    ...faults,
    environment: {
      NODE_OPTIONS: TELLS_LOADS,
      LOG_LEVEL: 'info',
      ...(endpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
    },
  });

/** Imports the rows and registers them. @returns the batch, and what the worker wrote */
async function register(world: World, rows: readonly CustomerRow[]): Promise<[string, string]> {
  const worker = await startWorkerProgram(world);
  const batchId = await importRows(world, rows);
  await waitUntilFinished(world, batchId);
  worker.signal('SIGTERM');
  expect(await worker.ended).toEqual({ code: 0, signal: null });
  return [batchId, worker.output.stderr];
}

it('a batch is one trace from the import to the last submit, without a word about its customers', async () => {
  const collector = await startReceiver((response) => response.end('{}'));
  const refused = 'the name person1@customer.example is refused';
  const faults = [
    {
      operation: 'submit',
      kind: 'error',
      match: '^C100001$',
      code: 'InvalidParameter.Name',
      message: refused,
    },
    { operation: 'authorize', kind: 'empty500', match: '^C100002$', times: 1 },
  ] as const;
  const world = await createTraced(collector.origin, { faults });
  const rows = makeCustomers(3);
  const [batchId, stderr] = await register(world, rows);
  expect(stderr).toContain('loads bullmq-otel');

  expect(new Set(collector.received.map(({ url }) => url.pathname))).toEqual(new Set(['/v1/traces']));
  const spans = spansOf(collector);
  const ofBatch = spans.filter(({ attributes }) => attributes['onboard.batch'] === batchId);
  const [root] = spans.filter(({ name }) => name === 'import');
  expect(root?.attributes).toMatchObject({ 'onboard.batch': batchId, 'onboard.rows': 3 });
  expect(new Set(ofBatch.map(({ traceId }) => traceId))).toEqual(new Set([root?.traceId]));
  const submits = ofBatch.filter(({ attributes }) => attributes['onboard.step'] === 'submit');
  for (const submit of submits)
    expect(pathOf(submit, spans)).toEqual(['process', 'add', 'process', 'addBulk', 'import']);
  const told = submits.map(({ attributes: facts }) => [
    facts['onboard.row'],
    facts['onboard.outcome'],
    facts['onboard.code'],
  ]);
  expect(told.sort()).toEqual([
    [1, 'failed', 'InvalidParameter.Name'],
    [2, 'submitted', undefined],
    [3, 'submitted', undefined],
  ]);
  const uploads = ofBatch.filter(({ attributes }) => attributes['onboard.step'] === 'upload');
  const ofSecond = uploads.filter(({ attributes }) => attributes['onboard.row'] === 2);
  expect(ofSecond.map(({ attributes }) => attributes['onboard.attempt'])).toEqual([1, 2]);
  expect(ofSecond[0]?.attributes['onboard.code']).toBe('PEER_UNAVAILABLE');

  const all = collector.received.map(({ body }) => body).join();
  const [key] = world.simulator.state.accounts.values();
  const secrets = [key?.accessKeyId, key?.accessKeySecret, 'customer.example', 'refused'];
  for (const cell of [
    ...rows.flatMap((row) => [row.CustSpaceId, row.CustName, row.OfficeAddress, row.IsvTerms]),
    ...secrets,
  ])
    expect(all).not.toContain(cell);
});

it('nothing of OpenTelemetry is loaded where nobody wants traces', async () => {
  const [, stderr] = await register(await createTraced(undefined), makeCustomers(1));
  expect(stderr).not.toContain('loads ');
});

it('a collector that never answers, or is not there, costs spans and nothing else', async () => {
  const silent = await startReceiver(() => undefined);
  for (const endpoint of [silent.origin, 'http://127.0.0.1:9']) {
    const world = await createTraced(endpoint);
    const [batchId, stderr] = await register(world, makeCustomers(2));
    expect((await world.open.ledger.requireBatch(batchId)).counts.submitted).toBe(2);
    expect(stderr).toContain('"event":"traces_lost"');
  }
});

it('where the packages were left out, a worker works without traces and is refused with them', async () => {
  const world = await createWorld({ ...FAST, environment: { NODE_OPTIONS: WITHOUT_OPTIONAL } });
  await register(world, makeCustomers(1));
  const wanted = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  const { code, stderr } = await runProgram(world, ['worker'], wanted);
  expect([code, stderr]).toEqual([2, expect.stringContaining('install with the optional packages')]);
});

it('an address that cannot be one is named before anything starts', async () => {
  const world = await createWorld();
  const { code, stderr } = await runProgram(world, ['worker'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
  });
  expect([code, stderr]).toEqual([2, expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL')]);
});
