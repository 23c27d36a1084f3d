/** A master that dies while Sentinels watch it: its replica takes over, and the work goes on there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../../scripts/redis.ts';
import {
  createWorld,
  importRows,
  makeCustomers,
  rowsOf,
  startWorkerProgram,
  waitForPeer,
  waitUntilFinished,
} from '../support/world.ts';

const MASTER = 'onboard-main';
const SETTINGS = ['--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'];

/** A server of our own. @returns what kills it without warning */
async function startServer(folder: string, port: number, parameters: readonly string[]) {
  const directory = join(folder, String(port));
  await mkdir(directory);
  const bound = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const child = spawn('redis-server', [...parameters, ...bound], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }
  onTestFinished(kill);
  return kill;
}

/** Waits until a server's INFO has the text. */
async function waitForInfo(port: number, text: string): Promise<void> {
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const check = async () => expect(await redis.info()).toContain(text);
  await vi.waitFor(check, { timeout: 20_000, interval: 50 }).finally(() => redis.disconnect());
}

/** A master, its replica and a Sentinel that decides alone. */
async function startWatchedRedis(): Promise<{ url: string; killMaster(): Promise<void>; replica: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-sentinel-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [master, replica, sentinel] = [await freePort(), await freePort(), await freePort()];
  const killMaster = await startServer(folder, master, SETTINGS);
  await startServer(folder, replica, [...SETTINGS, '--replicaof', `127.0.0.1 ${master}`]);
  await waitForInfo(replica, 'master_link_status:up');
  const file = join(folder, 'sentinel.conf');
  await writeFile(
    file,
    [
      `sentinel monitor ${MASTER} 127.0.0.1 ${master} 1`,
      `sentinel down-after-milliseconds ${MASTER} 1000`,
      `sentinel failover-timeout ${MASTER} 10000`,
    ].join('\n'),
  );
  await startServer(folder, sentinel, [file, '--sentinel']);
  await waitForInfo(sentinel, 'slaves=1');
  return { url: `redis-sentinel://127.0.0.1:${sentinel}/${MASTER}`, killMaster, replica };
}

it.skipIf(!inject('hasRedisServer'))(
  'a master killed in the middle of a batch, is followed by its replica, and every row ends once',
  async () => {
    const { url, killMaster, replica } = await startWatchedRedis();
    const world = await createWorld({ redisUrl: url });
    await startWorkerProgram(world);
    const batchId = await importRows(world, makeCustomers(20));
    await waitForPeer(world, (record) => record.accepted.length >= 3);
    await killMaster();
    await waitForInfo(replica, 'role:master');
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(20);
    const flagged = (await rowsOf(world, batchId)).filter(({ record }) => record.ambiguous > 0).length;
    expect(world.simulator.state.record.summary().acceptedTwice).toBeLessThanOrEqual(flagged);
  },
);
