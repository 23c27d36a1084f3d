/** Redis servers of a test's own, in constellations: a master that a Sentinel watches, a cluster. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, vi } from 'vitest';
import { DURABLE, freePort, placeOf } from '../../src/sandbox/local-redis.ts';

const MASTER = 'onboard-main';
const CLUSTER_NODES = 3;
const SLOTS = 16_384;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-servers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** @returns what kills it without warning */
async function startServer(folder: string, port: number, parameters: readonly string[]) {
  const directory = join(folder, String(port));
  await mkdir(directory);
  const child = spawn('redis-server', [...parameters, ...placeOf(port, directory)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }
  onTestFinished(kill);
  return kill;
}

/** Waits until what a server says of itself has the text. */
async function waitForAnswer(port: number, command: readonly [string, ...string[]], text: string) {
  const [name, ...parameters] = command;
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const check = async () => expect(await redis.call(name, ...parameters)).toContain(text);
  await vi.waitFor(check, { timeout: 20_000, interval: 50 }).finally(() => redis.disconnect());
}

export interface WatchedRedis {
  url: string;
  killMaster(): Promise<void>;
  /** Resolves when the replica has taken over. */
  takenOver(): Promise<void>;
}

/** A master, its replica and a Sentinel that decides alone. */
export async function startWatchedRedis(): Promise<WatchedRedis> {
  const folder = await makeFolder();
  const [master, replica, sentinel] = [await freePort(), await freePort(), await freePort()];
  const killMaster = await startServer(folder, master, DURABLE);
  await startServer(folder, replica, [...DURABLE, '--replicaof', `127.0.0.1 ${master}`]);
  await waitForAnswer(replica, ['INFO'], 'master_link_status:up');
  const file = join(folder, 'sentinel.conf');
  const lines = [
    `sentinel monitor ${MASTER} 127.0.0.1 ${master} 1`,
    `sentinel down-after-milliseconds ${MASTER} 1000`,
    `sentinel failover-timeout ${MASTER} 10000`,
  ];
  await writeFile(file, lines.join('\n'));
  await startServer(folder, sentinel, [file, '--sentinel']);
  await waitForAnswer(sentinel, ['INFO'], 'slaves=1');
  return {
    url: `redis-sentinel://127.0.0.1:${sentinel}/${MASTER}`,
    killMaster,
    takenOver: () => waitForAnswer(replica, ['INFO'], 'role:master'),
  };
}

/** Three masters that share the slots. @returns the value for REDIS_URL */
export async function startCluster(): Promise<string> {
  const folder = await makeFolder();
  const ports = [];
  for (let node = 0; node < CLUSTER_NODES; node++) ports.push(await freePort());
  // The bus needs a port of its own; the default, 10,000 higher, may not exist.
  for (const port of ports)
    await startServer(folder, port, [
      ...DURABLE,
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(await freePort()),
    ]);
  const share = Math.ceil(SLOTS / CLUSTER_NODES);
  const [first = 0] = ports;
  for (const [node, port] of ports.entries()) {
    await waitForAnswer(port, ['PING'], 'PONG');
    const redis = new Redis(port, '127.0.0.1');
    const last = Math.min((node + 1) * share, SLOTS) - 1;
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', String(node * share), String(last));
    await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(node + 1));
    if (port !== first) await meet(redis, first);
    redis.disconnect();
  }
  for (const port of ports) {
    await waitForAnswer(port, ['CLUSTER', 'INFO'], 'cluster_state:ok');
    await waitForAnswer(port, ['CLUSTER', 'INFO'], `cluster_known_nodes:${CLUSTER_NODES}`);
  }
  return ports.map((port) => `redis://127.0.0.1:${port}`).join(',');
}

async function meet(redis: Redis, first: number): Promise<void> {
  const other = new Redis(first, '127.0.0.1');
  const bus = (await other.config('GET', 'cluster-port')) as [string, string];
  other.disconnect();
  await redis.call('CLUSTER', 'MEET', '127.0.0.1', String(first), bus[1]);
}
