/** A test's own groups of Redis servers: a master with a replica, watched by a Sentinel or not, or a cluster. */
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
const SLOTS_OF_NODE = Math.ceil(SLOTS / CLUSTER_NODES);
/** A node that is silent this long is considered lost by the others. */
const NODE_TIMEOUT_MS = 3_000;
/** A master serves its first replica at once, instead of waiting for more of them. */
const SOON = ['--repl-diskless-sync-delay', '0'];

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-servers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Server {
  port: number;
  /** Ends it without warning. */
  kill(): Promise<void>;
  /** Starts it again, with what it has kept, after it was killed. */
  restart(): void;
  /** It stops answering, but its connections stay open; new ones are accepted but not answered either. */
  freeze(): void;
  thaw(): void;
}

async function startServer(
  folder: string,
  port: number,
  parameters: readonly string[],
  program = 'redis-server',
): Promise<Server> {
  const directory = join(folder, String(port));
  await mkdir(directory);
  const start = () => spawn(program, [...parameters, ...placeOf(port, directory)], { stdio: 'ignore' });
  let child = start();
  let ended = once(child, 'exit');
  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }
  function restart(): void {
    child = start();
    ended = once(child, 'exit');
  }
  onTestFinished(kill);
  return { port, kill, restart, freeze: () => child.kill('SIGSTOP'), thaw: () => child.kill('SIGCONT') };
}

/** A server alone. @param parameters more of them, or others */
export async function startSingleRedis(
  parameters: readonly string[] = [],
  program?: string,
): Promise<{ url: string; server: Server }> {
  const server = await startServer(
    await makeFolder(),
    await freePort(),
    [...DURABLE, ...parameters],
    program,
  );
  await waitForAnswer(server.port, ['PING'], 'PONG');
  return { url: `redis://127.0.0.1:${server.port}`, server };
}

export interface ReplicatedRedis {
  url: string;
  master: Server;
  replica: Server;
}

/** A master and its replica; nobody watches them. */
export async function startReplicatedRedis(): Promise<ReplicatedRedis> {
  const folder = await makeFolder();
  const [port, ofReplica] = [await freePort(), await freePort()];
  const master = await startServer(folder, port, [...DURABLE, ...SOON]);
  const replica = await startServer(folder, ofReplica, [...DURABLE, '--replicaof', `127.0.0.1 ${port}`]);
  await waitForAnswer(ofReplica, ['INFO'], 'master_link_status:up');
  await waitForAnswer(port, ['INFO'], 'connected_slaves:1');
  return { url: `redis://127.0.0.1:${port}`, master, replica };
}

/** A server starts, or a replica takes over; an election that fails on a busy machine is repeated twenty seconds later. */
const ANSWERS_WITHIN = { timeout: 120_000, interval: 50 };

/** Waits until a server's answer to a command contains the text. */
async function waitForAnswer(port: number, command: readonly [string, ...string[]], text: string) {
  const [name, ...parameters] = command;
  // Its INFO may be closed.
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, enableReadyCheck: false });
  redis.on('error', () => undefined);
  const check = async () => expect(await redis.call(name, ...parameters)).toContain(text);
  await vi.waitFor(check, ANSWERS_WITHIN).finally(() => redis.disconnect());
}

/** A master that is replaced if it fails. */
export interface Watched {
  master: Server;
  replica: Server;
  /** Resolves when the replica has taken over. */
  takenOver(): Promise<void>;
  /** Resolves when the old master, back again, has become a replica. */
  demoted(): Promise<void>;
}

export interface WatchedRedis extends Watched {
  url: string;
}

/** A Sentinel alone. @param lines of its settings */
export async function startSentinel(lines: readonly string[]): Promise<Server> {
  const folder = await makeFolder();
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, lines.join('\n'));
  return startServer(folder, await freePort(), [file, '--sentinel']);
}

/** A master, its replica and a Sentinel that decides alone. */
export async function startWatchedRedis(): Promise<WatchedRedis> {
  const folder = await makeFolder();
  const [master, replica] = [await freePort(), await freePort()];
  const server = await startServer(folder, master, [...DURABLE, ...SOON]);
  const ofReplica = [...DURABLE, '--replicaof', `127.0.0.1 ${master}`];
  const copy = await startServer(folder, replica, ofReplica);
  await waitForAnswer(replica, ['INFO'], 'master_link_status:up');
  const { port: sentinel } = await startSentinel([
    `sentinel monitor ${MASTER} 127.0.0.1 ${master} 1`,
    `sentinel down-after-milliseconds ${MASTER} 1000`,
    `sentinel failover-timeout ${MASTER} 10000`,
  ]);
  await waitForAnswer(sentinel, ['INFO'], 'slaves=1');
  return {
    url: `redis-sentinel://127.0.0.1:${sentinel}/${MASTER}`,
    master: server,
    replica: copy,
    takenOver: () => waitForAnswer(replica, ['INFO'], 'role:master'),
    demoted: () => waitForAnswer(master, ['INFO'], 'role:slave'),
  };
}

export interface RedisCluster {
  url: string;
  /** From now on every node requires it. @returns a value for REDIS_URL that names all nodes but one */
  setPassword(password: string): Promise<string>;
  /** Gives a replica to the node that holds a key. */
  addReplica(key: string): Promise<Watched>;
}

/** Three masters that share the slots. @param parameters more of each of them */
export async function startCluster(
  parameters: () => Promise<string[]> = async () => [],
): Promise<RedisCluster> {
  const folder = await makeFolder();
  const masters = await startMasters(folder, parameters);
  return {
    url: masters.map(({ port }) => `redis://127.0.0.1:${port}`).join(','),
    async setPassword(password) {
      for (const { port } of masters) await askServer(port, 'CONFIG', 'SET', 'requirepass', password);
      return masters
        .slice(1)
        .map(({ port }) => `redis://:${password}@127.0.0.1:${port}`)
        .join(',');
    },
    addReplica: (key) => addReplica(masters, { key, folder }),
  };
}

async function addReplica(
  masters: readonly Server[],
  { key, folder }: { key: string; folder: string },
): Promise<Watched> {
  const [first] = masters;
  const slot = await askServer(first?.port ?? 0, 'CLUSTER', 'KEYSLOT', key);
  const master = masters[Math.floor(Number(slot) / SLOTS_OF_NODE)];
  if (master === undefined) throw new Error(`No node has the slot of ${key}.`);
  const id = await askServer(master.port, 'CLUSTER', 'MYID');
  const replica = await startNode(folder);
  await meet(replica.port, master.port);
  await waitForAnswer(replica.port, ['CLUSTER', 'INFO'], `cluster_known_nodes:${CLUSTER_NODES + 1}`);
  await askServer(replica.port, 'CLUSTER', 'REPLICATE', id);
  await waitForAnswer(replica.port, ['INFO'], 'master_link_status:up');
  // Every node has to know it: they vote, and tell clients who has which slots.
  for (const { port } of masters) await waitForAnswer(port, ['CLUSTER', 'NODES'], `slave ${id}`);
  return {
    master,
    replica,
    takenOver: () => waitForAnswer(replica.port, ['INFO'], 'role:master'),
    demoted: () => waitForAnswer(master.port, ['INFO'], 'role:slave'),
  };
}

async function startMasters(folder: string, parameters: () => Promise<string[]>): Promise<Server[]> {
  const servers: Server[] = [];
  for (let node = 0; node < CLUSTER_NODES; node++) servers.push(await startNode(folder, await parameters()));
  for (const [node, { port }] of servers.entries()) {
    const last = Math.min((node + 1) * SLOTS_OF_NODE, SLOTS) - 1;
    await askServer(port, 'CLUSTER', 'ADDSLOTSRANGE', String(node * SLOTS_OF_NODE), String(last));
    await askServer(port, 'CLUSTER', 'SET-CONFIG-EPOCH', String(node + 1));
    const [first] = servers;
    if (first !== undefined && port !== first.port) await meet(port, first.port);
  }
  for (const { port } of servers) {
    await waitForAnswer(port, ['CLUSTER', 'INFO'], 'cluster_state:ok');
    await waitForAnswer(port, ['CLUSTER', 'INFO'], `cluster_known_nodes:${CLUSTER_NODES}`);
  }
  return servers;
}

async function startNode(folder: string, parameters: readonly string[] = []): Promise<Server> {
  const port = await freePort();
  // The bus needs a port of its own; the default, 10,000 higher, may not exist.
  const bus = ['--cluster-port', String(await freePort())];
  const timeout = ['--cluster-node-timeout', String(NODE_TIMEOUT_MS)];
  const server = await startServer(folder, port, [
    ...DURABLE,
    '--cluster-enabled',
    'yes',
    ...bus,
    ...timeout,
    ...parameters,
  ]);
  await waitForAnswer(port, ['PING'], 'PONG');
  return server;
}

async function meet(port: number, other: number): Promise<void> {
  const bus = await askServer(other, 'CONFIG', 'GET', 'cluster-port');
  await askServer(port, 'CLUSTER', 'MEET', '127.0.0.1', String(other), bus.split(',').at(-1) ?? '');
}

export async function askServer(port: number, name: string, ...parameters: string[]): Promise<string> {
  const redis = new Redis(port, '127.0.0.1', { enableReadyCheck: false });
  return redis
    .call(name, ...parameters)
    .then(String)
    .finally(() => redis.disconnect());
}
