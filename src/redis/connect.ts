/** Connections to Redis, one kind for each use. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { AppError } from '../errors.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../logger.ts';
import { parseRedisUrl } from './url.ts';

export type RedisClient = Redis | Cluster;

/** A silent master is noticed after this long, in milliseconds. */
const SOCKET_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_DELAY_MS_MAX = 2_000;

interface ConnectionUse {
  /** Workers wait for Redis however long it is away; a person at a terminal wants an error. */
  waitsForever: boolean;
}

export function connectRedis(url: string, use: ConnectionUse, logger?: Logger): RedisClient {
  const client = open(url, use);
  // Every account of a process listens on the one connection.
  client.setMaxListeners(0);
  // Without a listener a lost connection would end the process; ioredis reconnects by itself.
  client.on(
    'error',
    rarely(TROUBLE_EVERY_MS, (error: Error) =>
      logger?.warn({ event: 'redis_error', error: error.message }, 'Redis error'),
    ),
  );
  return client;
}

function open(url: string, { waitsForever }: ConnectionUse): RedisClient {
  const options: RedisOptions = {
    maxRetriesPerRequest: waitsForever ? null : 3,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Blocking reads of workers are silent by design; only connections that ask and expect an answer get this.
    ...(waitsForever ? {} : { socketTimeout: SOCKET_TIMEOUT_MS }),
    retryStrategy: reconnectDelay,
    sentinelRetryStrategy: reconnectDelay,
    // After a fail-over this may be the old master, by now a replica; the name leads to the new one.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  };
  const target = parseRedisUrl(url);
  if (target === undefined) throw new AppError('CONFIG_INVALID', 'REDIS_URL is not a Redis address.');
  if (target.kind === 'single') return new Redis(target.url, options);
  if (target.kind === 'cluster') return new Cluster(target.urls, { redisOptions: options });
  const { kind: _, ...sentinel } = target;
  return new Redis({ ...options, ...sentinel, role: 'master' });
}

const reconnectDelay = (attempt: number) => Math.min(attempt * 100, RECONNECT_DELAY_MS_MAX);
