/** The one connection of an installation to Redis: made on first use, and kept while Redis is away. */
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { connectRedis, type RedisClient } from '../redis/connect.ts';
import { Durable } from '../redis/durable.ts';
import { isFinal } from '../redis/explain.ts';
import { openRedis } from '../redis/open.ts';
import { placeOf, type Settings } from './settings.ts';

/** Longest wait for the answer to a ping. */
const ANSWER_WITHIN_MS = 3_000;

export interface OneConnectionOptions {
  settings: Settings;
  logger: Logger;
  /** Whether a call waits while Redis is away, instead of failing soon. */
  waitsForRedis: boolean;
}

export class OneConnection {
  readonly #options: OneConnectionOptions;
  #redis: RedisClient | undefined;
  #connecting: Promise<RedisClient> | undefined;
  #durable: Durable | undefined;
  #isClosed = false;

  constructor(options: OneConnectionOptions) {
    this.#options = options;
  }

  /** @throws AppError INSTALLATION_CLOSED */
  assertOpen(): void {
    if (this.#isClosed) throw new AppError('INSTALLATION_CLOSED', 'This installation was closed.');
  }

  /** @throws AppError REDIS_UNREACHABLE, REDIS_REFUSED; the next call tries again */
  connect(): Promise<RedisClient> {
    this.assertOpen();
    if (this.#redis) return Promise.resolve(this.#redis);
    this.#connecting ??= this.#connectOnce().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Goes on if Redis is away. @throws AppError REDIS_REFUSED if waiting does not help */
  async tryToConnect(): Promise<void> {
    this.assertOpen();
    await this.connect().catch((error: AppError) => {
      if (isFinal(error.cause)) throw error;
    });
  }

  /** A Redis that is away is waited for by the connection itself. */
  get redis(): RedisClient {
    this.assertOpen();
    const { settings, waitsForRedis, logger } = this.#options;
    this.#redis ??= connectRedis(placeOf(settings), { waitsForever: waitsForRedis }, logger);
    return this.#redis;
  }

  /** The connection, and what waits for its writes. */
  both(): { redis: RedisClient; durable: Durable } {
    const { redis } = this;
    this.#durable ??= new Durable(redis);
    return { redis, durable: this.#durable };
  }

  /** Whether Redis answers within a few seconds. */
  async isReachable(): Promise<boolean> {
    if (this.#isClosed) return false;
    const answer = this.connect().then((redis) => redis.ping());
    return pTimeout(answer, { milliseconds: ANSWER_WITHIN_MS }).then(
      () => true,
      () => false,
    );
  }

  /** Nobody gets a connection from here on; the one that there is stays until `close`. */
  retire(): void {
    this.#isClosed = true;
  }

  close(): void {
    this.retire();
    this.#durable?.close();
    this.#redis?.disconnect();
  }

  async #connectOnce(): Promise<RedisClient> {
    const { settings, waitsForRedis, logger } = this.#options;
    const redis = await openRedis(placeOf(settings), { waitsForever: waitsForRedis }, logger);
    // Meanwhile, somebody may have gone on without knowing what answers, or closed everything.
    if (this.#redis || this.#isClosed) redis.disconnect();
    else this.#redis = redis;
    return this.redis;
  }
}
