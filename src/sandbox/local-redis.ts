/**
 * A Redis for the demo, the tests and the measurements, the first of these that is there: a private `redis-server` or
 * `valkey-server`, a container, and at last one in pure JavaScript, which is slow and keeps nothing.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { ChildProgram } from './child-program.ts';

export interface LocalRedis {
  url: string;
  /** For people: which one this is. */
  description: string;
  /** A real server: it keeps its data over a restart, and is fast. */
  isReal: boolean;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 20_000;
const CONTAINER_IMAGE = process.env.REDIS_IMAGE ?? 'redis:7';

/** Tests and measurements use the Redis at REDIS_URL if it is set: each works in accounts of its own there. */
export async function pickRedis(environment: NodeJS.ProcessEnv = process.env): Promise<LocalRedis> {
  return environment.REDIS_URL ? existingRedis(environment.REDIS_URL) : startPrivateRedis(environment);
}

/** A Redis that nobody else has; REDIS_URL is not looked at, because it may name a real one. */
export async function startPrivateRedis(environment: NodeJS.ProcessEnv = process.env): Promise<LocalRedis> {
  const program = findProgram(['redis-server', 'valkey-server'], environment);
  if (program !== undefined) return startRedisServer(program);
  return (await startContainer()) ?? startJavaScript();
}

/** One that is already running and keeps running. */
export function existingRedis(url: string): LocalRedis {
  return { url, description: 'the Redis that was named', isReal: true, stop: async () => undefined };
}

export function findProgram(
  names: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folders = (environment.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Settings of a server as durable as we require the real one to be. */
export const DURABLE = [
  ...['--save', ''],
  ...['--appendonly', 'yes', '--appendfsync', 'always'],
  ...['--maxmemory-policy', 'noeviction'],
];

/** Settings that keep a server on this machine and its files in a folder. */
export const placeOf = (port: number, folder: string) => [
  '--port',
  String(port),
  '--bind',
  '127.0.0.1',
  '--dir',
  folder,
];

/** A server of our own. Without a folder it gets a new one, which is removed with it. */
export async function startRedisServer(program: string, port?: number, folder?: string): Promise<LocalRedis> {
  const directory = folder ?? (await mkdtemp(join(tmpdir(), 'onboard-redis-')));
  const chosen = port ?? (await freePort());
  const server = startServer(program, [...DURABLE, ...placeOf(chosen, directory)]);
  const url = `redis://127.0.0.1:${chosen}`;
  await waitUntilReady(url, server);
  return {
    url,
    description: `a private ${program}`,
    isReal: true,
    async stop() {
      await server.stop();
      if (folder === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

function startServer(file: string, parameters: readonly string[]): ChildProgram {
  return new ChildProgram(parameters, {
    file,
    stdout: 'ignore',
    stderr: 'ignore',
    endsLast: true,
    isApart: true,
  });
}

export async function startContainer(): Promise<LocalRedis | undefined> {
  if (!process.env.DOCKER_HOST && !existsSync('/var/run/docker.sock')) return undefined;
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(CONTAINER_IMAGE)
      .withCommand(['redis-server', ...DURABLE])
      .withExposedPorts(6379)
      .withWaitStrategy(Wait.forListeningPorts())
      .start();
    const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`;
    return {
      url,
      description: `the container image ${CONTAINER_IMAGE}`,
      isReal: true,
      stop: async () => void (await container.stop()),
    };
  } catch {
    // No engine answers, or it cannot get the image: the next kind of Redis needs neither.
    return undefined;
  }
}

async function startJavaScript(): Promise<LocalRedis> {
  const port = await freePort();
  const program = join(createRequire(import.meta.url).resolve('js-redis-server'), '../cli.js');
  const server = startServer(process.execPath, [program, '--port', String(port)]);
  const url = `redis://127.0.0.1:${port}`;
  await waitUntilReady(url, server);
  return {
    url,
    description:
      'js-redis-server, in memory and slow: never for production. Install redis-server for the real thing',
    isReal: false,
    stop: () => server.stop(),
  };
}

/**
 * Below those that systems hand out by themselves, unless they are set to others; so are those 10,000 above, to which nodes
 * of a cluster listen as well. Until a port is in use, nobody else is given it by chance.
 */
const PORTS = { first: 11_000, behind: 21_000 };
/** Ports that were given and may not be in use yet. */
const given = new Set<number>();

/** By another program, or kept from this one. */
const TAKEN = new Set(['EADDRINUSE', 'EACCES']);
const PORT_TRIES_MAX = 1_000;

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES_MAX; tries++) {
    const port = randomInt(PORTS.first, PORTS.behind);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${PORTS.first} to ${PORTS.behind - 1} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function waitUntilReady(url: string, server: ChildProgram): Promise<void> {
  const probe = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  const exited = server.ended.then(() => {
    throw new Error(`The server for ${url} ended before it was ready.`);
  });
  const late = AbortSignal.timeout(READY_WITHIN_MS);
  const isLate = once(late, 'abort').then(() => {
    throw new Error(`The server for ${url} was not ready in ${READY_WITHIN_MS} ms.`);
  });
  try {
    await Promise.race([probe.ping(), exited, isLate]);
  } finally {
    exited.catch(() => undefined);
    isLate.catch(() => undefined);
    probe.disconnect();
  }
}
