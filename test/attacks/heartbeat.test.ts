/** Worker processes that come, stop and are killed, as others see them. */
import { hostname } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { follow, type Snapshot } from '../../src/batch/follow.ts';
import { createLogger } from '../../src/logger.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { Heartbeat } from '../../workers/heartbeat.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { waitForPeer } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

/** Many times its distance, because a busy machine may be late with some of them, or with asking whether it is there. */
const GONE_AFTER_MS = 10_000;

async function startQuickWorker({ environment }: World): Promise<ChildProgram> {
  const timing = ['300', String(GONE_AFTER_MS)];
  const program = new ChildProgram(['--import', 'tsx', 'test/support/quick-worker.ts', ...timing], {
    env: environment,
  });
  onTestFinished(() => program.kill());
  await program.says('workers_started');
  return program;
}

const workersOf = async (world: World) => (await world.open.heartbeats.list()).workers;

describe('a worker process', () => {
  it('is there with its first job and gone as soon as it has stopped', async () => {
    const world = await createWorld();
    const worker = await startWorkerProgram(world);
    expect(await workersOf(world)).toEqual([
      expect.objectContaining({ host: hostname(), pid: worker.pid, version: '0.1.0', state: 'working' }),
    ]);
    const { stdout } = await runProgram(world, ['status']);
    expect(stdout).toMatch(/^account/);
    expect(stdout).toMatch(/workers +1 alive/);
    await worker.stop();
    expect(await workersOf(world)).toEqual([]);
    expect((await runProgram(world, ['status'])).stdout).toMatch(
      /^no worker +since 20\S+Z\n +→ Start a worker: `onboard worker`\.\naccount/,
    );
  });

  it('is gone soon after it was killed, while another that still lives is not', async () => {
    const world = await createWorld();
    const doomed = await startQuickWorker(world);
    const [id = ''] = (await workersOf(world)).map((worker) => worker.id);
    const other = world.open.heartbeats;
    await other.beat('working');
    await doomed.kill();
    expect(await other.has(id)).toBe(true);
    await expect.poll(() => other.has(id)).toBe(false);
    expect((await workersOf(world)).map(({ pid }) => pid)).toEqual([process.pid]);
    await other.leave();
    const { lastSeen } = await other.list();
    const status = JSON.parse((await runProgram(world, ['status', '--json'])).stdout) as object[];
    expect(status).toMatchObject([{ heldBy: [{ reason: 'noWorker', since: lastSeen }], workers: [] }]);
  });

  it('says that it takes no more jobs while a last call is in progress', async () => {
    const world = await createWorld({
      faults: [{ operation: 'authorize', kind: 'hangBefore', times: 1 }],
      environment: { CHATAPP_TIMEOUT_MS: '60000' },
    });
    const workers = await runWorkers(world);
    await importRows(world, makeCustomers(1));
    await waitForPeer(world, (record) => record.count('authorize') > 0);
    const stopped = workers.stop();
    await expect.poll(() => workersOf(world)).toMatchObject([{ state: 'stopping' }]);
    // Only now does the call end.
    await world.simulator.refuse('chatApp');
    await stopped;
    expect(await workersOf(world)).toEqual([]);
  });
});

it('workers that all take no jobs are told with their reasons, before anything else', async () => {
  const world = await createWorld();
  const batchId = await importRows(world, makeCustomers(1));
  const account = { ...world.open, logger: createLogger('silent') };
  const heartbeat = new Heartbeat({ account, state: () => 'cannot connect to Chat App' });
  onTestFinished(() => heartbeat.stop());
  await heartbeat.begin();
  const { stdout } = await runProgram(world, ['status', batchId]);
  const name = `${hostname()}:${process.pid}`;
  expect(stdout).toMatch(/^workers +none takes jobs since 20\S+Z: cannot connect to Chat App \(/);
  expect(stdout).toContain(`1 alive; ${name} takes no jobs since 20`);
  expect(stdout).toMatch(/Z: cannot connect to Chat App\n/);
});

describe('following a batch without a worker', () => {
  async function collect(world: World, batchId: string, patienceMs: number): Promise<Snapshot[]> {
    const snapshots: Snapshot[] = [];
    for await (const snapshot of follow(world.open, batchId, { patienceMs })) snapshots.push(snapshot);
    return snapshots;
  }

  it('ends if none comes, and has no end in sight until then', async () => {
    const world = await createWorld();
    const snapshots = await collect(world, await importRows(world, makeCustomers(1)), 700);
    expect(snapshots.length).toBeGreaterThan(1);
    expect(snapshots[0]).toMatchObject({ needsPerson: undefined, progress: { etaSeconds: undefined } });
    expect(snapshots.at(-1)).toMatchObject({ isOver: true, needsPerson: { reason: 'noWorker' } });
  });

  it('goes on if one comes in time', async () => {
    const world = await createWorld();
    const following = collect(world, await importRows(world, makeCustomers(1)), 20_000);
    await runWorkers(world);
    const snapshots = await following;
    expect(snapshots[0]?.heldBy).toMatchObject([{ reason: 'noWorker' }]);
    expect(snapshots.at(-1)).toMatchObject({
      batch: { state: 'finished' },
      heldBy: [],
      needsPerson: undefined,
    });
  });
});
