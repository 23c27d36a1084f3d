/** What is wrong on one machine costs no row and holds nobody else: the machine takes no jobs until it is well. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld, inputOf, type World } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };
const PACED = { rate: 5, ourRate: 5 };
const ROWS = 40;
const CLOCK_OFF = fileURLToPath(new URL('../support/clock-off.mjs', import.meta.url));
/** A process whose clock is 20 minutes ahead. */
const AHEAD = { NODE_OPTIONS: `--import ${CLOCK_OFF}`, CLOCK_OFF_MS: String(20 * 60_000) };
const NO_CREDENTIALS = { ALIBABA_CLOUD_ACCESS_KEY_ID: '' };

it('leaves the jobs to others while its agreement store is another one', async () => {
  const world = await createWorld(FAST);
  const batchId = await importRows(world, makeCustomers(20));
  const stray = await startWorkerProgram(world, { AGREEMENT_STORE: join(world.folder, 'elsewhere') });
  await stray.says('machine_trouble');
  const good = await startWorkerProgram(world);
  expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 20, failed: 0 });
  await Promise.all([stray.stop(), good.stop()]);
  expect(stray.output.stderr).not.toMatch(/call_failed|row_failed|row_submitted/);
  expect(stray.output.stderr).toMatch(/but \S+elsewhere on .* has no file store-id/);
  expect(stray.output.stderr.split('"machine_trouble"')).toHaveLength(2);
});

it('fails no row while the store is away, and resumes by itself', async () => {
  const world = await createWorld(FAST);
  const worker = await startWorkerProgram(world);
  await runProgram(world, ['pause']);
  const batchId = await importRows(world, makeCustomers(12));
  const [store, aside] = [join(world.folder, 'store'), join(world.folder, 'unmounted')];
  await rename(store, aside);
  await mkdir(store);
  await runProgram(world, ['resume']);
  await worker.says('machine_trouble');
  await rename(aside, join(world.folder, 'store'));
  await worker.says('machine_well');
  const { counts } = await waitUntilFinished(world, batchId);
  expect(counts).toMatchObject({ submitted: 12, failed: 0 });
});

/** Submits per second, from the first that was accepted to the last. */
function paceOf({ simulator }: World): number {
  const times = simulator.state.record.arrivals
    .filter(({ operation, isDone }) => operation === 'submit' && isDone)
    .map(({ at }) => at);
  return ((times.length - 1) * 1_000) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
}

it('keeps the full pace with one of three without credentials and one whose clock is 20 minutes off', async () => {
  // Another account, at the same time: whatever else this machine does slows down both.
  const [world, other] = [await createWorld(PACED), await createWorld(PACED)];
  const alone = await startWorkerProgram(other);
  const bad = await Promise.all([
    startWorkerProgram(world, NO_CREDENTIALS),
    startWorkerProgram(world, AHEAD),
  ]);
  const good = await startWorkerProgram(world);
  const rows = makeCustomers(ROWS);
  const [batchId, otherId] = await Promise.all([importRows(world, rows), importRows(other, rows)]);
  await waitForPeer(world, (record) => record.accepted.length > 0);
  expect(await world.open.breaker.read()).toBeUndefined();
  const { counts } = await waitUntilFinished(world, batchId);
  expect(counts).toMatchObject({ submitted: ROWS, failed: 0 });
  await waitUntilFinished(other, otherId);
  // A breaker or an outage would cost most of it.
  expect(paceOf(world)).toBeGreaterThan(paceOf(other) * 0.4);
  await Promise.all([...bad, good, alone].map((worker) => worker.stop()));
  for (const worker of bad) expect(worker.output.stderr).not.toContain('row_submitted');
  expect(good.output.stderr).not.toMatch(/breaker_opened|outage_began|machine_trouble/);
  expect(bad[0].output.stderr).toContain('No credentials from the variables');
  expect(bad[1].output.stderr).toMatch(/The clock of this machine is 1\d{3} s ahead of that of the peer/);
});

/** The account as a process sees it whose way to Chat App leads to a port where nothing listens. */
async function detour(world: World) {
  const port = await freePort();
  const path = join(world.folder, 'detour.json');
  const account = { ...inputOf(world.account), endpoint: `http://127.0.0.1:${port}` };
  await writeFile(path, JSON.stringify([account]));
  function open(): void {
    const target = Number(new URL(world.account.endpoint).port);
    const server = createServer((client) => {
      const peer = connect(target, '127.0.0.1');
      for (const socket of [client, peer]) socket.on('error', () => socket.destroy());
      client.pipe(peer).pipe(client);
    }).listen(port, '127.0.0.1');
    onTestFinished(() => {
      server.close();
    });
  }
  return { environment: { ONBOARD_ACCOUNTS: path }, open };
}

it('keeps a network that fails only here out of the outage of the account, and resumes by itself', async () => {
  const world = await createWorld(PACED);
  const { environment, open } = await detour(world);
  const good = await startWorkerProgram(world);
  const batchId = await importRows(world, makeCustomers(60));
  await waitForPeer(world, (record) => record.accepted.length > 0);
  const bad = await startWorkerProgram(world, environment);
  await bad.says('Chat App cannot be reached from this machine, while another process reaches it.');
  open();
  await bad.says('machine_well');
  const { counts } = await waitUntilFinished(world, batchId);
  expect(counts).toMatchObject({ submitted: 60, failed: 0 });
  await Promise.all([good.stop(), bad.stop()]);
  for (const { output } of [good, bad]) expect(output.stderr).not.toMatch(/outage_began|breaker_opened/);
  for (const { record } of await rowsOf(world, batchId))
    expect([record.tries, record.attempts]).toEqual([0, 2]);
  expect(good.output.stderr).not.toContain('machine_trouble');
});

it('is an outage of the account when nobody can connect any more', async () => {
  const world = await createWorld(FAST);
  const workers = await Promise.all([startWorkerProgram(world), startWorkerProgram(world)]);
  const batchId = await importRows(world, makeCustomers(150));
  await waitForPeer(world, (record) => record.accepted.length > 10);
  await world.simulator.refuse('chatApp');
  await expect.poll(() => world.open.outage.read()).toMatchObject({ code: 'PEER_UNREACHABLE' });
  await world.simulator.listen('chatApp');
  expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 150, failed: 0 });
  await Promise.all(workers.map((worker) => worker.stop()));
  for (const { output } of workers) expect(output.stderr).not.toContain('machine_trouble');
});
