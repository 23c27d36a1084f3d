/**
 * Connections to Redis, one kind for each use. Any of them may go silent without closing: a master froze, an address
 * leads to another server now, a cable was pulled. Whoever waits for an answer on one notices, and takes a new one.
 */
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { AppError } from '../errors.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../logger.ts';
import { withManners } from './manners.ts';
import { nodeOptionsOf, parseRedisUrl } from './url.ts';

export type RedisClient = Redis | Cluster;

/**
 * Longest wait for an answer, in milliseconds. ioredis counts only while one is awaited, so that an idle connection
 * stays; no command or script of ours takes a tenth of this.
 */
const SOCKET_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that we close is cut after this long where the other side does not close it too. */
const DISCONNECT_TIMEOUT_MS = 500;
/** A Sentinel that froze still accepts connections; the next one is asked after this long. */
const SENTINEL_TIMEOUT_MS = 2_000;
const RECONNECT_DELAY_MS_MAX = 2_000;
/** While a cluster promotes a replica, a command is sent again this often, in milliseconds. */
const FAILOVER_RETRY_MS = 500;
const FAILOVER_RETRIES_MAX = 16;
/** How long one node of a cluster may take to say who holds which slots. */
const SLOTS_TIMEOUT_MS = 2_000;

interface ConnectionUse {
  /** Workers wait for Redis however long it is away; a person at a terminal wants an error. */
  waitsForever: boolean;
}

export function connectRedis(url: string, use: ConnectionUse, logger?: Logger): RedisClient {
  const client = withManners(open(url, use));
  // Every account of a process listens on the one connection.
  client.setMaxListeners(0);
  // Without a listener a lost connection would end the process; ioredis reconnects by itself.
  client.on('error', () => undefined);
  if (logger) logTroubles(client, logger);
  return client;
}

/** Logs lost connections from now on, one of many. */
export function logTroubles(client: RedisClient, logger: Logger): void {
  const log = rarely(TROUBLE_EVERY_MS, (error: Error) =>
    logger.warn({ event: 'redis_error', error: error.message }, 'Redis error'),
  );
  client.on('error', log);
  // One node of a cluster whose other nodes are well.
  client.on('node error', log);
}

function open(url: string, use: ConnectionUse): RedisClient {
  const options = optionsOf(use);
  const target = parseRedisUrl(url);
  if (target === undefined) throw new AppError('CONFIG_INVALID', 'REDIS_URL is not a Redis address.');
  if (target.kind === 'single') return new Redis(target.url, options);
  if (target.kind === 'cluster') return new Cluster(target.urls, clusterOptionsOf(target.urls, use));
  const { kind: _, ...sentinel } = target;
  // Sentinels tell of a promotion at once; without them it would be noticed when an answer does not come.
  return new Redis({ ...options, ...sentinel, role: 'master', failoverDetector: true });
}

function optionsOf({ waitsForever }: ConnectionUse): RedisOptions {
  return {
    maxRetriesPerRequest: waitsForever ? null : 3,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    retryStrategy: reconnectDelay,
    sentinelRetryStrategy: reconnectDelay,
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    // After a fail-over this may be the old master, a replica by now: the name leads to the new one. Redis 6.2 wraps
    // what a script was refused for into a sentence of its own.
    reconnectOnError: (error: Error) => error.message.includes('READONLY'),
  };
}

function clusterOptionsOf(urls: readonly string[], use: ConnectionUse): ClusterOptions {
  const { tls, ...credentials } = nodeOptionsOf(urls);
  return {
    // The nodes that the cluster names itself have nothing of the addresses that were given but this.
    redisOptions: { ...optionsOf(use), ...credentials, ...(tls ? { tls } : {}) },
    // A certificate is for a name, so names are kept.
    ...(tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
    maxRedirections: use.waitsForever ? Number.POSITIVE_INFINITY : FAILOVER_RETRIES_MAX,
    retryDelayOnFailover: FAILOVER_RETRY_MS,
    retryDelayOnClusterDown: FAILOVER_RETRY_MS,
    slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
  };
}

const reconnectDelay = (attempt: number) => Math.min(attempt * 100, RECONNECT_DELAY_MS_MAX);
