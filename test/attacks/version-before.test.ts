/**
 * What version 0.1 left in Redis continues under this one: rows with every outcome, batches in every state, jobs of
 * workers and commands that were killed in the middle. How the fixture was made: `test/fixtures/redis-of-0.1/README.md`.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { Redis } from 'ioredis';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts';
import { type Simulator, startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import { ACCEPTED_AGAIN, AGE_MS, AMBIGUOUS, BATCHES, WRITTEN_AT } from '../fixtures/redis-of-0.1/expected.ts';
import { runProgram, startProgram } from '../support/programs.ts';
import { startRedisFromDump } from '../support/redis-from-dump.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/redis-of-0.1', import.meta.url));
const QUEUES = '{rehearsal:default}';
const SETTLED_WITHIN_MS = 80_000;

interface Installation {
  simulator: Simulator;
  redis: Redis;
  ledger: Ledger;
  environment: NodeJS.ProcessEnv;
  folder: string;
  /** Ids of the batches by their names. */
  ids: Record<string, string>;
}

async function moveIn(): Promise<Installation> {
  const url = await startRedisFromDump({
    file: join(FIXTURE, 'redis.ndjson'),
    writtenAt: WRITTEN_AT,
    age: AGE_MS,
  });
  const folder = await mkdtemp(join(tmpdir(), 'onboard-before-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(FIXTURE, 'store'), join(folder, 'store'), { recursive: true });
  const simulator = await startSimulator();
  onTestFinished(simulator.stop);
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  const ledger = createLedger(redis, 'rehearsal:default');
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    REDIS_URL: url,
    AGREEMENT_STORE: join(folder, 'store'),
    ONBOARD_LOCK_SECONDS: '3',
    CHATAPP_TIMEOUT_MS: '1500',
    OSS_TIMEOUT_MS: '2000',
    // A probe that a busy machine sends too late is not sent at all, and the next one comes this much later.
    ONBOARD_PROBE_SECONDS: '1',
    LOG_LEVEL: 'info',
    ...simulator.environment,
  };
  const refused = await runProgram({ environment }, ['worker']);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('account adopt default --as')]);
  const adopted = await runProgram({ environment }, [
    'account',
    'adopt',
    'default',
    '--as',
    'rehearsal',
    '--yes',
  ]);
  expect(adopted.code, adopted.stderr).toBe(0);
  expect(await redis.keys('{onboard:default}*')).toEqual([]);
  const batches = await ledger.listBatches(100);
  const ids = Object.fromEntries(batches.map(({ name, id }) => [name, id]));
  return { simulator, redis, ledger, environment, folder, ids };
}

/** Gives the peer the agreements that it has from before: rows that are uploaded are only submitted now. */
async function restoreObjects(installation: Installation): Promise<void> {
  const { state } = installation.simulator;
  for (const name of Object.keys(BATCHES))
    for (const { row, record } of await rowsOf(installation, name)) {
      const directory = state.directoryOf(`${name}-${row}`);
      if (record.isvTerms !== undefined)
        state.objects.set(`${directory}/${record.isvTerms}`, { md5: '', bytes: 0, directory });
    }
}

/** Runs a command of the command line that must succeed. @returns its standard output */
async function onboard(installation: Installation, ...parameters: string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(installation, parameters);
  expect(code, `${parameters.join(' ')}: ${stderr}`).toBe(0);
  return stdout.trim();
}

const idOf = ({ ids }: Installation, name: string) => ids[name] ?? `no batch ${name}`;

async function rowsOf(installation: Installation, name: string) {
  const rows = [];
  for await (const row of installation.ledger.iterateRows(idOf(installation, name))) rows.push(row);
  return rows;
}

/** Compares every batch with one side of the table, and its counters with its rows. */
async function expectSide(installation: Installation, side: 0 | 1): Promise<void> {
  const sideOf = (text: string) => text.split(' → ')[side];
  expect(Object.keys(installation.ids).sort()).toEqual(Object.keys(BATCHES).sort());
  for (const [name, { state, rows }] of Object.entries(BATCHES)) {
    const batch = await installation.ledger.requireBatch(idOf(installation, name));
    const records = (await rowsOf(installation, name)).map(({ record }) => record);
    const outcomes = records.map(({ outcome }) => outcome);
    expect({ name, state: batch.state, outcomes }).toEqual({
      name,
      state: sideOf(state),
      outcomes: rows.map(sideOf),
    });
    const counted = Object.entries(batch.counts).map(([outcome, count]) => {
      expect(outcomes.filter((each) => each === outcome).length, `${outcome} of ${name}`).toBe(count);
      return count;
    });
    expect(counted.reduce((sum, count) => sum + count)).toBe(batch.total);
    expect(records.filter(({ parked }) => parked).length).toBe(batch.parked);
  }
}

/** What a person does after an upgrade, and what the workers are told to do at once instead of at night. */
async function goOn(installation: Installation): Promise<void> {
  const id = (name: string) => idOf(installation, name);
  const agreements = join(FIXTURE, 'agreements');
  await onboard(installation, 'resume', id('paused'));
  for (const name of ['interrupted', 'unsealed']) {
    const file = join(FIXTURE, `${name}.csv`);
    expect(await onboard(installation, 'import', file, '--agreements', agreements)).toBe(id(name));
  }
  await onboard(installation, 'retry', id('mixed'), '--code', 'Unknown.ResourceOwnerId');
  await onboard(installation, 'retry', id('cancelled'), '--outcome', 'cancelled', '--row', '1');
  await onboard(installation, 'settle', id('mixed'), '--row', '8', '--as', 'submitted');
  await onboard(installation, 'schedule', '--cron', '* * * * * *');
}

/** Waits until every batch is finished and the row of the recurring redrive is done. */
async function waitUntilDone(installation: Installation): Promise<void> {
  const isFinal = async () => {
    const states = await Promise.all(
      Object.keys(BATCHES).map(async (name) => {
        const { state, counts } = await installation.ledger.requireBatch(idOf(installation, name));
        return `${name} ${state} ${JSON.stringify(counts)}`;
      }),
    );
    expect(states.filter((text) => !text.includes(' finished '))).toEqual([]);
    const recovered = await installation.ledger.readRow(idOf(installation, 'mixed'), 4);
    expect(recovered?.record.outcome).toBe('submitted');
  };
  await vi.waitFor(isFinal, { timeout: SETTLED_WITHIN_MS, interval: 100 });
}

/** The peer's own record of both lives: nobody is accepted twice but those of whom the ledger says so. */
async function expectAcceptedOnce({ simulator, ...installation }: Installation): Promise<void> {
  const earlier = (await readFile(join(FIXTURE, 'accepted.txt'), 'utf8')).trimEnd().split('\n');
  const accepted = simulator.state.record.accepted.map(({ custSpaceId }) => custSpaceId);
  const gone = Object.entries(BATCHES).flatMap(([name, { rows }]) =>
    rows.flatMap((row, index) =>
      row.endsWith('→ submitted') && !row.startsWith('submitted') ? [`${name}-${index + 1}`] : [],
    ),
  );
  // The one that a person settled was not sent.
  expect(accepted.sort()).toEqual(gone.filter((customer) => customer !== 'mixed-8').sort());
  expect(accepted.filter((customer) => earlier.includes(customer)).sort()).toEqual(ACCEPTED_AGAIN);
  const ambiguous: Record<string, number> = {};
  for (const name of Object.keys(BATCHES))
    for (const { row, record } of await rowsOf({ simulator, ...installation }, name))
      if (record.ambiguous > 0) ambiguous[`${name}-${row}`] = record.ambiguous;
  expect(ambiguous).toEqual(AMBIGUOUS);
  expect(simulator.state.record.badSignatures).toBe(0);
}

/** No job of a row is left: not waiting, not delayed, not in the hands of a worker. */
async function expectNoJobs({ redis }: Installation): Promise<void> {
  const left = async () => {
    const lists = ['wait', 'active', 'paused'].flatMap((list) =>
      ['uploads', 'submits'].map((queue) => redis.llen(`${QUEUES}:${queue}.rehearsal.default:${list}`)),
    );
    const sets = ['prioritized', 'delayed'].flatMap((set) =>
      ['uploads', 'submits'].map((queue) => redis.zcard(`${QUEUES}:${queue}.rehearsal.default:${set}`)),
    );
    expect(await Promise.all([...lists, ...sets])).toEqual(Array<number>(10).fill(0));
  };
  await vi.waitFor(left, { timeout: SETTLED_WITHIN_MS, interval: 50 });
}

/** Every reading command understands every batch, from its first entry to its last. */
async function expectReadable(installation: Installation): Promise<void> {
  for (const [name, { rows }] of Object.entries(BATCHES)) {
    const id = idOf(installation, name);
    const status = JSON.parse(await onboard(installation, 'status', id, '--json'));
    expect(status).toMatchObject({ id, name, state: 'finished', total: rows.length });
    const { counts } = await installation.ledger.requireBatch(id);
    expect(status.counts).toEqual(counts);
    const log = (await onboard(installation, 'log', id, '--json')).split('\n');
    expect(JSON.parse(log[0] ?? '')).toMatchObject({ action: 'import', by: expect.any(String) });
    const customers = (await rowsOf(installation, name)).map(({ record }) => record.custSpaceId);
    expect(await readResults(installation, id)).toEqual(customers.sort());
  }
}

/** @returns the customers of all three result files */
async function readResults(installation: Installation, id: string): Promise<string[]> {
  const folder = join(installation.folder, id);
  await onboard(installation, 'results', id, '-o', folder);
  const files = await readdir(folder);
  expect(files.sort()).toEqual(['failed.csv', 'succeeded.csv', 'unprocessed.csv']);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const rows = texts.flatMap(
    (text) => parse(text, { columns: true, bom: true }) as { CustSpaceId: string }[],
  );
  return rows.map(({ CustSpaceId }) => CustSpaceId).sort();
}

describe.runIf(inject('hasRedisServer'))('what version 0.1 left in Redis (needs redis-server)', () => {
  it('is completed, row by row, and read by every command', { timeout: 240_000 }, async () => {
    const installation = await moveIn();
    await expectSide(installation, 0);
    await restoreObjects(installation);
    const worker = startProgram(installation, ['worker']);
    await worker.says('workers_started');
    const [schedule] = JSON.parse(await onboard(installation, 'schedule', '--json'));
    expect(schedule).toMatchObject({ account: 'default', pattern: '17 3 * * *' });
    await goOn(installation);
    await waitUntilDone(installation);
    await expectSide(installation, 1);
    await expectAcceptedOnce(installation);
    await expectNoJobs(installation);
    worker.signal('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0 });
    await expectReadable(installation);
    expect(await installation.redis.exists('{rehearsal:default}:breaker')).toBe(0);
  });
});
