/** Servers of a measurement, each with a folder of its own: alone, and as a cluster with a replica for each master. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { DURABLE, freePort, placeOf } from '../../src/sandbox/local-redis.ts';

const LOOK_EVERY_MS = 100;
const READY_MS_MAX = 60_000;
const MASTERS = 3;
/** A node that is silent this long is considered lost by the others. */
const NODE_TIMEOUT_MS = 2_000;

export interface BenchServer {
  port: number;
  /** Asks it as the one who runs it. */
  ask(...command: [string, ...string[]]): Promise<string>;
  /** Ends it without warning. */
  kill(): Promise<void>;
  /** Starts it again with what it has kept, after it was killed. */
  restart(): void;
  close(): Promise<void>;
}

export interface ServerOrder {
  program: string;
  /** More flags, or others. */
  flags?: readonly string[];
  /** Of whoever runs it. */
  password?: string;
}

export async function openServer({ program, flags = [], password }: ServerOrder): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-kind-'));
  const port = await freePort();
  const parameters = [...DURABLE, ...flags, ...placeOf(port, folder)];
  const options = { file: program, stdout: 'ignore', stderr: 'ignore', endsLast: true } as const;
  const start = () => new ChildProgram(parameters, options);
  let server = start();
  const ask: BenchServer['ask'] = (name, ...rest) => askPort(port, { password }, name, ...rest);
  await until(async () => (await ask('PING')) === 'PONG');
  return {
    ...{ port, ask, kill: () => server.kill() },
    restart() {
      server = start();
    },
    async close() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function askPort(
  port: number,
  { password }: { password?: string | undefined },
  name: string,
  ...parameters: string[]
): Promise<string> {
  // Its INFO may be closed.
  const redis = new Redis(port, '127.0.0.1', {
    ...{ enableReadyCheck: false, retryStrategy: () => null, ...(password ? { password } : {}) },
  });
  redis.on('error', () => undefined);
  return redis
    .call(name, ...parameters)
    .then(String)
    .finally(() => redis.disconnect());
}

/** What fails counts as not yet. @throws Error after a minute */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const late = AbortSignal.timeout(READY_MS_MAX);
  while (!(await isSo().catch(() => false))) {
    late.throwIfAborted();
    await sleep(LOOK_EVERY_MS);
  }
}

export interface BenchCluster {
  /** Names one of its nodes. */
  url: string;
  /** The same of every node, as the one who runs it. */
  askAll(...command: [string, ...string[]]): Promise<string[]>;
  /** Kills the master that has the key; resolves when another has taken over and the killed one is its replica. */
  failOver(key: string): Promise<void>;
  close(): Promise<void>;
}

/** Three masters, each with a replica. Needs `redis-cli` on PATH. */
export async function openCluster(program: string): Promise<BenchCluster> {
  const nodes: BenchServer[] = [];
  for (let index = 0; index < MASTERS * 2; index++) {
    const flags = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(NODE_TIMEOUT_MS)];
    const bus = ['--cluster-port', String(await freePort()), '--repl-diskless-sync-delay', '0'];
    nodes.push(await openServer({ program, flags: [...flags, ...bus] }));
  }
  const places = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const create = ['--cluster', 'create', ...places, '--cluster-replicas', '1', '--cluster-yes'];
  await promisify(execFile)('redis-cli', create);
  for (const node of nodes)
    await until(async () => (await node.ask('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  const connected = (node: BenchServer, text: string) =>
    until(async () => (await node.ask('INFO', 'replication')).includes(text));
  for (const node of nodes.slice(0, MASTERS)) await connected(node, 'state=online');
  return {
    url: `redis://${places[0]}`,
    askAll: (...command) => Promise.all(nodes.map((node) => node.ask(...command))),
    async failOver(key) {
      const master = await masterOf(nodes, key);
      await master.kill();
      const others = nodes.filter((node) => node !== master);
      await until(async () => (await masterOf(others, key)) !== undefined);
      master.restart();
      await connected(master, 'master_link_status:up');
    },
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

/** Only the master of a key answers what is asked of it. */
async function masterOf(nodes: readonly BenchServer[], key: string): Promise<BenchServer> {
  for (const node of nodes)
    if (
      await node.ask('EXISTS', key).then(
        () => true,
        () => false,
      )
    )
      return node;
  throw new Error(`No node answers for ${key}.`);
}
