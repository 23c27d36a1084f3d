/** What the world does to a running installation: a Redis that goes away or refuses, stopped processes, bad credentials. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { freePort, startRedisServer } from '../../src/sandbox/local-redis.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { outcomesOf, rowsOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, inputOf, makeKey, type World } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };

/** A world whose Redis is a server of its own, which the test may stop, start and misconfigure. */
async function createWorldWithOwnRedis(): Promise<{ world: World; redis: Redis; restart(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-own-redis-'));
  const port = await freePort();
  let server = await startRedisServer('redis-server', port, folder);
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const world = await createWorld({ redisUrl: server.url });
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  async function restart(): Promise<void> {
    await server.stop();
    server = await startRedisServer('redis-server', port, folder);
  }
  return { world, redis, restart };
}

describe.skipIf(!inject('hasRedisServer'))('Redis', () => {
  it('is waited for when it restarts in the middle of a batch, and nothing is lost or doubled', async () => {
    const { world, restart } = await createWorldWithOwnRedis();
    await startWorkerProgram(world);
    const batchId = await importRows(world, makeCustomers(12));
    await waitForPeer(world, (record) => record.accepted.length >= 2);
    await restart();
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(12);
    for (const { custSpaceId } of world.simulator.state.record.accepted)
      expect(custSpaceId).toMatch(/^C1000/);
    const flagged = (await rowsOf(world, batchId)).filter(({ record }) => record.ambiguous > 0).length;
    expect(world.simulator.state.record.summary().acceptedTwice).toBeLessThanOrEqual(flagged);
  });

  it.each([
    ['full', ['maxmemory', '1'], ['maxmemory', '0']],
    ['refusing to write', ['min-replicas-to-write', '1'], ['min-replicas-to-write', '0']],
  ] as const)('does not lose the answer of a submit while it is %s', async (_name, [key, bad], [, good]) => {
    const { world, redis } = await createWorldWithOwnRedis();
    world.simulator.state.faults.replace([{ operation: 'submit', kind: 'delay', delayMs: 800, times: 1 }]);
    await startWorkerProgram(world);
    const batchId = await importRows(world, makeCustomers(2));
    await waitForPeer(world, (record) => record.count('submit') > 0);
    await redis.config('SET', key, bad);
    await waitForPeer(world, (record) => record.accepted.length >= 1);
    await redis.config('SET', key, good);
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(2);
    expect(world.simulator.state.record.summary().acceptedTwice).toBe(0);
  });

  it('is refused at the start when it may drop keys', async () => {
    const { world, redis } = await createWorldWithOwnRedis();
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const { code, stderr } = await runProgram(world, ['worker']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('noeviction')]);
  });
});

it('flags what a worker stopped for longer than its lock may have sent twice', async () => {
  const world = await createWorld({
    faults: [{ operation: 'submit', kind: 'delay', delayMs: 1_000, times: 1 }],
  });
  const stopped = await startWorkerProgram(world);
  const batchId = await importRows(world, makeCustomers(1));
  await waitForPeer(world, (record) => record.count('submit') === 1);
  stopped.signal('SIGSTOP');
  const other = await startWorkerProgram(world);
  await other.says('job_stalled');
  stopped.signal('SIGCONT');
  const batch = await waitUntilFinished(world, batchId);
  const [row] = await rowsOf(world, batchId);
  expect(batch.counts.submitted).toBe(1);
  expect(world.simulator.state.record.summary().acceptedTwice).toBeLessThanOrEqual(
    row?.record.ambiguous ?? 0,
  );
});

describe('credentials', () => {
  async function createWorldWithKeyFile() {
    const key = makeKey();
    const world = await createWorld({ ...FAST, accounts: [key] });
    const path = join(world.folder, 'key.json');
    await writeFile(path, JSON.stringify(key));
    await writeFile(
      world.environment.ONBOARD_ACCOUNTS ?? '',
      JSON.stringify([{ ...inputOf(world.account), credentials: { type: 'file', path } }]),
    );
    Object.assign(world.account, { credentials: { type: 'file', path } });
    return { world, path, key };
  }

  it('are in force at the next call when they are rotated while workers run', async () => {
    const { world, path } = await createWorldWithKeyFile();
    await runWorkers(world);
    await waitUntilFinished(world, await importRows(world, makeCustomers(1)));
    const next = makeKey();
    world.simulator.state.accounts.clear();
    world.simulator.state.accounts.set(next.accessKeyId, next);
    await writeFile(path, JSON.stringify(next));
    const batch = await waitUntilFinished(world, await importRows(world, [makeCustomer(2)]));
    expect(batch.counts.submitted).toBe(1);
  });

  it('fail no row when they cannot be read for a while', async () => {
    const { world, path, key } = await createWorldWithKeyFile();
    const worker = await startWorkerProgram(world);
    await rm(path);
    const batchId = await importRows(world, makeCustomers(3));
    await worker.says(`No credentials from the file ${path}`);
    expect(await world.open.breaker.read()).toBeUndefined();
    await writeFile(path, JSON.stringify(key));
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 3, failed: 0 });
    expect(await world.open.breaker.read()).toBeUndefined();
  });
});

it('takes no jobs and names the clock when the peer says that it is off, and opens no breaker', async () => {
  const world = await createWorld({ ...FAST, clockSkewMs: 20 * 60_000 });
  const worker = await startWorkerProgram(world);
  const batchId = await importRows(world, makeCustomers(2));
  await worker.says('"kind":"clock"');
  expect(await world.open.breaker.read()).toBeUndefined();
  await expect.poll(() => outcomesOf(world, batchId)).toEqual(['pending', 'pending']);
  expect(world.simulator.state.record.arrivals).toHaveLength(1);
  world.simulator.state.options.clockSkewMs = 0;
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(2);
});
