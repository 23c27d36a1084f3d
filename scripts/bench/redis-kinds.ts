/** The kinds of Redis that people really have, each started for one run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aclRule } from '../../src/redis/rights.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { createOwnAuthority } from './own-authority.ts';
import { type BenchServer, openCluster, openServer } from './redis-servers.ts';
import { openWatchedRedis } from './watched-redis.ts';

export interface OpenKind {
  url: string;
  environment?: Record<string, string>;
  /** What happens to it in the middle of the batch. @param key of the account */
  failOver?(key: string): Promise<void>;
  /** What is only seen at its end. @returns undefined if all is well */
  complain?(): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface RedisKind {
  name: string;
  /** Which program it needs: that of the system, or one of another Debian. */
  program: 'system' | 'redis-server' | 'valkey-server';
  /** Set if it cannot say that it keeps what it confirms: the run accepts that. */
  isRelaxed?: true;
  open(program: string): Promise<OpenKind>;
}

const EVERYSEC = ['--appendfsync', 'everysec'];
/** What hosted ones close, and more. */
const ADMINISTRATION = [
  ...['CONFIG', 'DEBUG', 'MONITOR', 'ACL', 'SAVE', 'BGSAVE', 'BGREWRITEAOF', 'SHUTDOWN', 'REPLICAOF'],
  ...['SLAVEOF', 'MIGRATE', 'MODULE', 'KEYS', 'FLUSHALL', 'FLUSHDB', 'SWAPDB', 'SCRIPT', 'LATENCY', 'SYNC'],
];
const closed = (...commands: string[]) => commands.flatMap((name) => ['--rename-command', name, '']);
/** A command that Redis 7.0 does not know, so its rules may not name it. */
const SINCE_7_2 = ['waitaof'];

export const KINDS: readonly RedisKind[] = [
  { name: 'alone, fsync always', program: 'system', open: plain() },
  { name: 'with a password', program: 'system', open: withPassword },
  {
    name: 'user with the least rights',
    program: 'system',
    open: (program) => withLeastRights(program, [], SINCE_7_2),
  },
  { name: 'TLS, own CA, our certificate', program: 'system', open: withTls },
  { name: 'unix socket', program: 'system', open: withSocket },
  { name: 'Sentinel', program: 'system', open: withSentinel },
  { name: 'Cluster, 3 masters', program: 'system', open: openCluster },
  { name: 'Cluster, user with the least rights', program: 'system', open: withClusterRights },
  { name: 'CLIENT closed, fsync always', program: 'system', open: plain(closed('CLIENT')) },
  {
    name: 'CONFIG, DEBUG closed',
    program: 'system',
    isRelaxed: true,
    open: plain(closed('CONFIG', 'DEBUG')),
  },
  { name: 'INFO closed', program: 'system', isRelaxed: true, open: plain(closed('INFO')) },
  {
    name: `CONFIG, INFO, CLIENT and ${ADMINISTRATION.length - 1} more closed`,
    ...{ program: 'system', isRelaxed: true, open: plain(closed(...ADMINISTRATION, 'INFO', 'CLIENT')) },
  },
  { name: 'fsync everysec', program: 'redis-server', open: plain(EVERYSEC) },
  {
    name: 'user with the least rights',
    program: 'redis-server',
    open: (program) => withLeastRights(program, EVERYSEC),
  },
  {
    name: `CONFIG and ${ADMINISTRATION.length - 1} more closed`,
    program: 'redis-server',
    open: plain([...EVERYSEC, ...closed(...ADMINISTRATION)]),
  },
  { name: 'Cluster, 3 masters', program: 'redis-server', open: openCluster },
  { name: 'fsync everysec', program: 'valkey-server', open: plain(EVERYSEC) },
  {
    name: 'user with the least rights',
    program: 'valkey-server',
    open: (program) => withLeastRights(program, EVERYSEC),
  },
  {
    name: `CONFIG and ${ADMINISTRATION.length - 1} more closed`,
    program: 'valkey-server',
    open: plain([...EVERYSEC, ...closed(...ADMINISTRATION)]),
  },
  { name: 'Cluster, 3 masters', program: 'valkey-server', open: openCluster },
];

/** Of users who were refused something. @param logs answers to ACL LOG */
const complaintOf = (logs: readonly string[]) => {
  const refused = logs.flatMap((log) =>
    Array.from(log.matchAll(/,object,([^,]+),/g), ([, what = '']) => what),
  );
  return refused.length === 0 ? undefined : `refused: ${[...new Set(refused)].join(', ')}`;
};

const urlOf = ({ port }: BenchServer, login = '') => `redis://${login}127.0.0.1:${port}`;

function plain(flags: readonly string[] = []) {
  return async (program: string): Promise<OpenKind> => {
    const server = await openServer({ program, flags });
    return { url: urlOf(server), close: () => server.close() };
  };
}

async function withPassword(program: string): Promise<OpenKind> {
  const password = 'p/w@secret';
  const server = await openServer({ program, flags: ['--requirepass', password], password });
  return { url: urlOf(server, `:${encodeURIComponent(password)}@`), close: () => server.close() };
}

async function withLeastRights(
  program: string,
  flags: readonly string[],
  without: readonly string[] = [],
): Promise<OpenKind> {
  const server = await openServer({ program, flags });
  const rule = aclRule(['work', 'durability', 'telling'], without);
  await server.ask('ACL', 'SETUSER', 'onboard', '>secret', ...rule.split(' '));
  return {
    url: urlOf(server, 'onboard:secret@'),
    complain: async () => complaintOf([await server.ask('ACL', 'LOG')]),
    close: () => server.close(),
  };
}

async function withClusterRights(program: string): Promise<OpenKind> {
  const cluster = await openCluster(program);
  const rule = aclRule(['work', 'durability', 'telling', 'cluster'], SINCE_7_2);
  await cluster.askAll('ACL', 'SETUSER', 'onboard', '>secret', ...rule.split(' '));
  return {
    url: cluster.url.replace('://', '://onboard:secret@'),
    complain: async () => complaintOf(await cluster.askAll('ACL', 'LOG')),
    close: cluster.close,
  };
}

async function withTls(program: string): Promise<OpenKind> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-kind-'));
  const { ca, server, client } = await createOwnAuthority(folder);
  const port = await freePort();
  const flags = [
    ...['--tls-port', String(port), '--tls-cert-file', server.cert, '--tls-key-file', server.key],
    ...['--tls-ca-cert-file', ca, '--tls-auth-clients', 'yes'],
  ];
  const tls = await openServer({ program, flags });
  return {
    url: `rediss://localhost:${port}`,
    environment: { REDIS_CA: ca, REDIS_CERT: client.cert, REDIS_KEY: client.key },
    async close() {
      await tls.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function withSocket(program: string): Promise<OpenKind> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-kind-'));
  const socket = join(folder, 'redis.sock');
  const server = await openServer({ program, flags: ['--unixsocket', socket] });
  return {
    url: `unix://${socket}?db=1`,
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function withSentinel(): Promise<OpenKind> {
  const { url, failOver, close } = await openWatchedRedis();
  return { url, failOver, close };
}
