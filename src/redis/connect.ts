/**
 * Connections to Redis, one kind for each use. Any of them may go silent without closing: a master freezes, an address
 * moves to another server, a cable is pulled. A client that waits for an answer notices, and reconnects.
 */
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { AppError } from '../errors.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../logger.ts';
import { withManners } from './manners.ts';
import { QuietSentinels } from './quiet-sentinels.ts';
import { type TlsMaterial, tlsOptionsOf } from './tls.ts';
import { hostsOf, parseRedisUrl, type RedisTarget } from './url.ts';

export type RedisClient = Redis | Cluster;

/**
 * Longest wait for an answer, in milliseconds. ioredis counts only while an answer is pending, so idle connections stay
 * open. None of our commands or scripts takes a tenth of this.
 */
const SOCKET_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that we close is cut after this long if the other side does not close it too. */
const DISCONNECT_TIMEOUT_MS = 500;
/** A frozen Sentinel still accepts connections; after this long, the next one is asked. */
const SENTINEL_TIMEOUT_MS = 2_000;
/** Not 0, which is no limit: BullMQ adds what it needs to whatever is set. */
const LISTENERS_MAX = 10_000;
const RECONNECT_DELAY_MS_MAX = 2_000;
/** While a cluster promotes a replica, a command is sent again this often, in milliseconds. */
const FAILOVER_RETRY_MS = 500;
const FAILOVER_RETRIES_MAX = 16;
/** How long a cluster node may take to report who holds which slots. */
const SLOTS_TIMEOUT_MS = 2_000;

export interface ConnectionUse {
  /** Workers wait for as long as Redis is away; a person at a terminal wants an error. */
  waitsForever: boolean;
}

/** Which Redis, and how its certificate is judged. */
export interface RedisPlace {
  /** As `parseRedisUrl` reads it. */
  url: string;
  tls?: TlsMaterial | undefined;
}

/**
 * Connects, whatever answers there; see `openRedis` for more.
 * @throws AppError CONFIG_INVALID if it is no address
 */
export function connectRedis(place: RedisPlace | string, use: ConnectionUse, logger?: Logger): RedisClient {
  const { url, tls = {} } = typeof place === 'string' ? { url: place } : place;
  return connectTarget(targetOf(url), { ...use, tls }, logger);
}

/** @throws AppError CONFIG_INVALID */
export function targetOf(url: string): RedisTarget {
  const target = parseRedisUrl(url);
  if (target === undefined) throw new AppError('CONFIG_INVALID', 'REDIS_URL is not a Redis address.');
  return target;
}

export function connectTarget(
  target: RedisTarget,
  use: ConnectionUse & { tls: TlsMaterial },
  logger?: Logger,
): RedisClient {
  const client = withManners(open(target, use));
  // Every account of the process listens on this one connection.
  client.setMaxListeners(LISTENERS_MAX);
  // Without a listener a lost connection would end the process; ioredis reconnects by itself.
  client.on('error', () => undefined);
  if (logger) logTroubles(client, logger);
  return client;
}

/** Logs connection errors from now on, at a limited rate. */
export function logTroubles(client: RedisClient, logger: Logger): void {
  const log = rarely(TROUBLE_EVERY_MS, (error: Error) =>
    logger.warn({ event: 'redis_error', error: error.message }, 'Redis error'),
  );
  client.on('error', log);
  // One cluster node failed while the others are fine.
  client.on('node error', log);
}

function open(target: RedisTarget, use: ConnectionUse & { tls: TlsMaterial }): RedisClient {
  const options = optionsOf(use);
  if (target.kind === 'socket') {
    const { kind: _kind, ...socket } = target;
    return new Redis({ ...options, ...socket });
  }
  const tls = target.isTls ? { tls: tlsOptionsOf(use.tls, hostsOf(target)) } : {};
  if (target.kind === 'cluster')
    return new Cluster(target.nodes, clusterOptionsOf(target, { waitsForever: use.waitsForever, ...tls }));
  const { kind: _kind, isTls: _isTls, ...place } = target;
  if (target.kind === 'single') return new Redis({ ...options, ...place, ...tls });
  const ofSentinels = target.isTls ? { enableTLSForSentinelMode: true, sentinelTLS: tls.tls } : {};
  // Sentinels announce a promotion at once; otherwise it would be noticed only when an answer fails to come.
  const followed = { role: 'master', failoverDetector: true, Connector: QuietSentinels } as const;
  return new Redis({ ...options, ...place, ...tls, ...ofSentinels, ...followed });
}

function optionsOf({ waitsForever }: ConnectionUse): RedisOptions {
  return {
    maxRetriesPerRequest: waitsForever ? null : 3,
    // Nobody looks at it, and a user with the least rights may not say it.
    disableClientInfo: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: reconnectDelay,
    sentinelRetryStrategy: reconnectDelay,
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    // After a failover this may be the old master, now a replica; reconnecting by name finds the new one. Since Redis
    // 6.2, an error inside a script is wrapped in a longer message.
    reconnectOnError: (error: Error) => error.message.includes('READONLY'),
  };
}

function clusterOptionsOf(
  { username, password }: RedisTarget & { kind: 'cluster' },
  { tls, ...use }: ConnectionUse & { tls?: object },
): ClusterOptions {
  const login = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  return {
    // Nodes that the cluster itself names get only these options, nothing else from the given addresses.
    redisOptions: { ...optionsOf(use), ...login, ...(tls ? { tls } : {}) },
    // A certificate is issued for a name, so names are not resolved.
    ...(tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
    maxRedirections: use.waitsForever ? Number.POSITIVE_INFINITY : FAILOVER_RETRIES_MAX,
    retryDelayOnFailover: FAILOVER_RETRY_MS,
    retryDelayOnClusterDown: FAILOVER_RETRY_MS,
    slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
  };
}

const reconnectDelay = (attempt: number) => Math.min(attempt * 100, RECONNECT_DELAY_MS_MAX);
