/**
 * Alerts of one process: a timer looks at what is true and what was told, and raises the difference. All processes that
 * have receivers do this, workers and `serve`; each account is looked after by one at a time, under a lease. Nothing is
 * raised where it happens, so a process that dies right after it loses no alert: the next look finds the difference.
 */
import { hostname } from 'node:os';
import pLimit from 'p-limit';
import pTimeout from 'p-timeout';
import type { Logger } from '../logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import { explainRedisError } from '../redis/explain.ts';
import { accountKeys, alertKeys, type PeerKind } from '../redis/keys.ts';
import { Lease } from '../redis/lease.ts';
import type { Way } from './deliver.ts';
import { DiskGauge } from './disk-gauge.ts';
import { idOf } from './events.ts';
import {
  type AlertTiming,
  type KnownMarks,
  lookAtAccount,
  type Raise,
  type WatchedAccount,
} from './look-at-account.ts';
import { lookAtDisk, lookAtMemory, type Place } from './look-at-place.ts';
import { PostOffice } from './post-office.ts';
import type { Receiver } from './receivers.ts';
import { RedisWatch } from './redis-watch.ts';

const TIMING: AlertTiming = {
  everyMs: 5_000,
  outageMs: 30_000,
  absentMs: 60_000,
  awayMs: 60_000,
  unreachableMs: 30_000,
};
/** Looks that may be late before another process takes over. */
const LOOKS_A_LEASE = 3;
const CONNECT_AGAIN_MS = 2_000;
const LOOKED_AT_ONCE = 8;
/** Longest wait for Redis when this process ends, in milliseconds. */
const GOODBYE_MS_MAX = 1_000;

export interface AlertsOptions {
  receivers: readonly Receiver[];
  /** Of the accounts; of the first one, if they differ: whose queue has what is about no account. */
  kind: PeerKind;
  /** Connects, and waits for Redis for as long as it is away from then on. */
  connect: () => Promise<RedisClient>;
  /** All accounts of the installation, on that connection. */
  openAccounts: (redis: RedisClient) => readonly WatchedAccount[];
  /** What else is looked at, on that connection. */
  openWatches?: ((redis: RedisClient) => readonly Watch[]) | undefined;
  /** Of the agreement store; undefined if that is a bucket. */
  folder: string | undefined;
  way: Way;
  logger: Logger;
  /** Timing that differs from the defaults. */
  timing?: Partial<AlertTiming>;
  /** Time before the first repetition of a delivery that differs from the default, in milliseconds. */
  retryMs?: number;
}

/** Something of another part of the program that people are alerted to. */
export interface Watch {
  /** Key of the lease under which one process at a time looks at it. */
  lease: string;
  look: (raise: Raise) => Promise<void>;
}

/** Somebody looked after under a lease. */
interface Charge {
  lease: Lease;
  look: () => Promise<void>;
}

export class Alerts {
  readonly #options: AlertsOptions;
  readonly #timing: AlertTiming;
  readonly #office: PostOffice;
  readonly #watch: RedisWatch;
  #redis: RedisClient | undefined;
  #connecting: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #charges: Charge[] = [];
  #looking: Promise<void> | undefined;
  #isStopped = false;
  #saidWhy = '';
  #isFullTold = false;

  constructor(options: AlertsOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#office = new PostOffice(options);
    const { everyMs, unreachableMs } = this.#timing;
    this.#watch = new RedisWatch({
      ping: () => this.#redis?.ping() ?? Promise.reject(new Error('not connected yet')),
      everyMs,
      unreachableMs,
      onUnreachable: (since) => this.#tellUnreachable(since),
    });
  }

  /** Returns at once: a Redis that is away is one of the things to tell. */
  start(): void {
    this.#watch.start();
    void this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#connecting);
    clearInterval(this.#timer);
    this.#watch.stop();
    const { isAnswering } = this.#watch;
    // It may have gone just now.
    if (isAnswering)
      await pTimeout(this.#giveUp(), { milliseconds: GOODBYE_MS_MAX, fallback: () => undefined });
    await this.#office.close(isAnswering && this.#redis !== undefined);
    this.#redis?.disconnect();
  }

  /** Others take over at once. */
  async #giveUp(): Promise<void> {
    await this.#looking;
    await Promise.all(this.#charges.map(({ lease }) => lease.giveUp().catch(() => undefined)));
  }

  async #connect(): Promise<void> {
    const { connect, logger } = this.#options;
    try {
      const redis = await connect();
      if (this.#isStopped) return redis.disconnect();
      this.#begin(redis);
    } catch (error) {
      this.#complain(logger, error);
      if (this.#isStopped) return;
      this.#connecting = setTimeout(() => void this.#connect(), CONNECT_AGAIN_MS);
    }
  }

  #begin(redis: RedisClient): void {
    this.#redis = redis;
    this.#office.open(redis);
    this.#charges = [...this.#accounts(redis), ...this.#places(redis), ...this.#watches(redis)];
    this.#timer = setInterval(this.#lookSoon, this.#timing.everyMs);
    this.#lookSoon();
  }

  #accounts(redis: RedisClient): Charge[] {
    return this.#options.openAccounts(redis).map((watched) => {
      const known: KnownMarks = new Map();
      const order = { timing: this.#timing, raise: this.#raise, known };
      const key = accountKeys(watched.account.ledger).telling;
      return { lease: this.#leaseOf(redis, key), look: () => lookAtAccount(watched, order) };
    });
  }

  #places(redis: RedisClient): Charge[] {
    const { kind, folder } = this.#options;
    const place: Place = { redis, kind, raise: this.#raise, awayMs: this.#timing.awayMs };
    const keyOf = alertKeys(kind).lease;
    const memory = { lease: this.#leaseOf(redis, keyOf('memory')), look: () => lookAtMemory(place) };
    if (folder === undefined) return [memory];
    const key = keyOf(`disk:${hostname()}`);
    const gauge = new DiskGauge(folder);
    return [memory, { lease: this.#leaseOf(redis, key), look: () => lookAtDisk(place, gauge) }];
  }

  #watches(redis: RedisClient): Charge[] {
    return (this.#options.openWatches?.(redis) ?? []).map(({ lease, look }) => ({
      lease: this.#leaseOf(redis, lease),
      look: () => look(this.#raise),
    }));
  }

  #leaseOf(redis: RedisClient, key: string): Lease {
    return new Lease(redis, { key, holdMs: LOOKS_A_LEASE * this.#timing.everyMs });
  }

  readonly #raise = (event: Parameters<PostOffice['raise']>[0]) => this.#office.raise(event);

  readonly #lookSoon = (): void => {
    // While Redis is away, one look waits for it; a second one must not.
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
  };

  async #lookAtAll(): Promise<void> {
    const limit = pLimit(LOOKED_AT_ONCE);
    let isFull = false;
    const looks = this.#charges.map(({ lease, look }) =>
      limit(async () => {
        try {
          if (!this.#isStopped && (await lease.hold()).isHeld) await look();
        } catch (error) {
          isFull ||= explainRedisError(error, '')?.code === 'REDIS_FULL';
          this.#complain(this.#options.logger, error);
        }
      }),
    );
    await Promise.all(looks);
    if (isFull) this.#tellFull();
    // Some looks only read: they succeed all along.
    this.#isFullTold = isFull;
  }

  #tellUnreachable(since: number): void {
    const by = `${hostname()}:${process.pid}`;
    const id = idOf('redis.unreachable', hostname(), process.pid, since);
    this.#office.sendFromMemory({ id, type: 'redis.unreachable', at: since, facts: { by } });
  }

  /** A Redis that is full takes no lease either, so each process tells it, once. */
  #tellFull(): void {
    if (this.#isFullTold) return;
    const at = Date.now();
    const id = idOf('redis.memory', hostname(), process.pid, at);
    this.#office.sendFromMemory({ id, type: 'redis.memory', at, facts: { percent: 100 } });
  }

  /** The same trouble once. */
  #complain(logger: Logger, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (this.#saidWhy === why || this.#isStopped) return;
    this.#saidWhy = why;
    logger.warn(
      { event: 'alerts_failed', error: why },
      'looking for what to alert people to failed; it goes on',
    );
  }
}
