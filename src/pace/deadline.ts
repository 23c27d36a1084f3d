/**
 * How long a job has been tried. Counting starts with the job's first run, because a job that waits behind others is
 * not being tried, and stops while nothing can be sent. All times are those of the Redis clock.
 */
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { redisTime } from '../redis/time.ts';
import { MICROSECONDS_PER_MS } from './control.ts';
import { measureOutside, parseSpan, STANDSTILLS_KEPT_MS } from './standstill.ts';

const sinceSchema = z.string().nullable();
const repliesSchema = z.tuple([z.array(z.string()), sinceSchema, sinceSchema, sinceSchema]);

export class Deadline {
  readonly #redis: RedisClient;
  readonly #account: string;

  constructor(redis: RedisClient, account: string) {
    this.#redis = redis;
    this.#account = account;
  }

  /** The job was run for the first time and is not done. Calling this again changes nothing. */
  async begin(jobId: string): Promise<void> {
    const { firstRuns } = accountKeys(this.#account);
    const now = await this.#now();
    // They leave together, but need no MULTI: what is old may as well be removed by the next job.
    await Promise.all([
      this.#redis.zadd(firstRuns, 'NX', now, jobId),
      this.#redis.zremrangebyscore(firstRuns, '-inf', now - STANDSTILLS_KEPT_MS),
    ]);
  }

  /** The job is done. */
  async forget(jobId: string): Promise<void> {
    await this.#redis.zrem(accountKeys(this.#account).firstRuns, jobId);
  }

  /** Milliseconds since the job's first run in which it could have been done; 0 if no run was noted. */
  async triedFor(jobId: string): Promise<number> {
    const keys = accountKeys(this.#account);
    const first = await this.#redis.zscore(keys.firstRuns, jobId);
    if (first === null) return 0;
    const now = await this.#now();
    // What ends in between is read before it ends, or after it was noted.
    const replies = await this.#redis
      .multi()
      .zrangebyscore(keys.standstills, first, '+inf')
      .hget(keys.breaker, 'since')
      .hget(keys.outage, 'opened')
      .hget(keys.paused, 'at')
      .exec();
    const [stored, ...open] = repliesSchema.parse(replies?.map(([, reply]) => reply));
    const current = open.flatMap((since) => (since === null ? [] : [{ from: Number(since), to: now }]));
    return measureOutside({ from: Number(first), to: now }, [...stored.map(parseSpan), ...current]);
  }

  async #now(): Promise<number> {
    const { firstRuns } = accountKeys(this.#account);
    return Math.floor((await redisTime(this.#redis, firstRuns)) / MICROSECONDS_PER_MS);
  }
}
