/** Redis servers of a test's own, in constellations: a master that a Sentinel watches, a cluster. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import calculateSlot from 'cluster-key-slot';
import { Redis } from 'ioredis';
import { expect, onTestFinished, vi } from 'vitest';
import { DURABLE, freePort, placeOf } from '../../src/sandbox/local-redis.ts';

const MASTER = 'onboard-main';
const CLUSTER_NODES = 3;
const SLOTS = 16_384;
const SLOTS_OF_NODE = Math.ceil(SLOTS / CLUSTER_NODES);
/** A node that is silent this long is taken for lost by the others. */
const NODE_TIMEOUT_MS = 3_000;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-servers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Server {
  port: number;
  /** Ends it without warning. */
  kill(): Promise<void>;
  /** It answers nobody, and its connections stay open; new ones are accepted, and not answered either. */
  freeze(): void;
  thaw(): void;
}

async function startServer(folder: string, port: number, parameters: readonly string[]): Promise<Server> {
  const directory = join(folder, String(port));
  await mkdir(directory);
  const child = spawn('redis-server', [...parameters, ...placeOf(port, directory)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }
  onTestFinished(kill);
  return { port, kill, freeze: () => child.kill('SIGSTOP'), thaw: () => child.kill('SIGCONT') };
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
  master: Server;
  /** Resolves when the replica has taken over. */
  takenOver(): Promise<void>;
}

/** A master, its replica and a Sentinel that decides alone. */
export async function startWatchedRedis(): Promise<WatchedRedis> {
  const folder = await makeFolder();
  const [master, replica, sentinel] = [await freePort(), await freePort(), await freePort()];
  const server = await startServer(folder, master, DURABLE);
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
    master: server,
    takenOver: () => waitForAnswer(replica, ['INFO'], 'role:master'),
  };
}

/** Three masters that share the slots. @returns the value for REDIS_URL */
export async function startCluster(): Promise<string> {
  const folder = await makeFolder();
  const masters = await startMasters(folder);
  return urlOf(masters);
}

export interface ClusterWithReplica {
  url: string;
  /** Holds the slot of the key that was given, and has a replica. */
  master: Server;
  /** Resolves when the replica has taken over. */
  takenOver(): Promise<void>;
}

/** Three masters, and a replica of the one that holds a key. */
export async function startClusterWithReplica(key: string): Promise<ClusterWithReplica> {
  const folder = await makeFolder();
  const masters = await startMasters(folder);
  const master = masters[Math.floor(calculateSlot(key) / SLOTS_OF_NODE)];
  if (master === undefined) throw new Error(`No node has the slot of ${key}.`);
  const replica = await startNode(folder);
  const redis = new Redis(replica.port, '127.0.0.1');
  const id = await askNode(master.port, 'CLUSTER', 'MYID');
  await meet(redis, master.port);
  await waitForAnswer(replica.port, ['CLUSTER', 'INFO'], `cluster_known_nodes:${CLUSTER_NODES + 1}`);
  await redis.call('CLUSTER', 'REPLICATE', id);
  redis.disconnect();
  await waitForAnswer(replica.port, ['INFO'], 'master_link_status:up');
  // Every node may have to vote, and tells clients who has which slots.
  for (const { port } of masters) await waitForAnswer(port, ['CLUSTER', 'NODES'], `slave ${id}`);
  return {
    url: urlOf(masters),
    master,
    takenOver: () => waitForAnswer(replica.port, ['INFO'], 'role:master'),
  };
}

function urlOf(servers: readonly Server[]): string {
  return servers.map(({ port }) => `redis://127.0.0.1:${port}`).join(',');
}

async function startMasters(folder: string): Promise<Server[]> {
  const servers: Server[] = [];
  for (let node = 0; node < CLUSTER_NODES; node++) servers.push(await startNode(folder));
  const [first] = servers;
  for (const [node, { port }] of servers.entries()) {
    const redis = new Redis(port, '127.0.0.1');
    const last = Math.min((node + 1) * SLOTS_OF_NODE, SLOTS) - 1;
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', String(node * SLOTS_OF_NODE), String(last));
    await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(node + 1));
    if (first !== undefined && port !== first.port) await meet(redis, first.port);
    redis.disconnect();
  }
  for (const { port } of servers) {
    await waitForAnswer(port, ['CLUSTER', 'INFO'], 'cluster_state:ok');
    await waitForAnswer(port, ['CLUSTER', 'INFO'], `cluster_known_nodes:${CLUSTER_NODES}`);
  }
  return servers;
}

async function startNode(folder: string): Promise<Server> {
  const port = await freePort();
  // The bus needs a port of its own; the default, 10,000 higher, may not exist.
  const bus = ['--cluster-port', String(await freePort())];
  const timing = ['--cluster-node-timeout', String(NODE_TIMEOUT_MS)];
  const server = await startServer(folder, port, [...DURABLE, '--cluster-enabled', 'yes', ...bus, ...timing]);
  await waitForAnswer(port, ['PING'], 'PONG');
  return server;
}

async function meet(redis: Redis, first: number): Promise<void> {
  const bus = await askNode(first, 'CONFIG', 'GET', 'cluster-port');
  await redis.call('CLUSTER', 'MEET', '127.0.0.1', String(first), bus.split(',').at(-1) ?? '');
}

async function askNode(port: number, name: string, ...parameters: string[]): Promise<string> {
  const redis = new Redis(port, '127.0.0.1');
  const answer = await redis.call(name, ...parameters);
  redis.disconnect();
  return String(answer);
}
