/**
 * The outage of an account: the peer answers none of its calls, so no row is blamed and all rows wait. It is stored in
 * Redis and shared by all processes. The pacer lets one row at a time probe whether it is over, and any proper answer
 * from the peer ends it.
 */
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, STEPS, type StepName } from '../redis/keys.ts';
import { giveBackTurn } from './give-back-turn.ts';
import { noteAnswer } from './note-answer.ts';
import { type Distances, FAILURES_MIN, type Failure, noteFailure, type Standing } from './note-failure.ts';
import { OPERATIONS, type Operation } from './outage-operations.ts';

export interface OutageTiming extends Distances {
  /** An outage that resumes within this time is still the same one, in milliseconds. */
  sameWithinMs: number;
  /** How long a row whose probe failed lets others have their turns, in milliseconds. */
  asideMs: number;
}

const TIMING: OutageTiming = { firstMs: 2_000, longestMs: 30_000, sameWithinMs: 60_000, asideMs: 60_000 };
/** For how long nothing is noted of answers, at most, after Redis has said that no failure is on record, in milliseconds. */
const QUIET_MS_MAX = 500;
/** At the most: the share of the time that the pacer takes to let as many calls leave as an outage needs failures. */
const QUIET_SHARE = 0.5;
const MS_PER_SECOND = 1_000;
/** Longer than any job waits because the peer did not answer. */
const ASIDE_KEPT_MS = 10 * 60_000;

export interface OpenOutage {
  /** The operation that the peer is not answering. */
  operation: Operation;
  /** The step whose rows probe whether it is over. */
  step: StepName;
  /** Code of the last call that got no answer. */
  code: string;
  message: string;
  /** Milliseconds since 1970; includes moments in which it was briefly over. */
  since: number;
}

const storedSchema = z.object({
  operation: z.enum(OPERATIONS),
  step: z.enum(STEPS),
  code: z.string(),
  message: z.string(),
  since: z.coerce.number(),
});

export interface OutageOptions {
  account: string;
  /** Calls per second that the peer allows, for each step. */
  rate: number;
  timing?: Partial<OutageTiming>;
  /** Called after an outage has ended. */
  onEnded?: (ended: Ended) => Promise<void> | void;
}

export interface Ended {
  /** Milliseconds since 1970. */
  since: number;
  /** Jobs that wait because the peer did not answer, by step. */
  aside: Record<StepName, string[]>;
}

export class Outage {
  readonly timing: OutageTiming;
  readonly #redis: RedisClient;
  readonly #account: string;
  readonly #onEnded: OutageOptions['onEnded'];
  readonly #quietMs: number;
  /** On the clock of this process, in milliseconds: see `hearQuiet`, and the last failure of this process. */
  #quietAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(redis: RedisClient, { account, rate, timing, onEnded }: OutageOptions) {
    this.timing = { ...TIMING, ...timing };
    this.#redis = redis;
    this.#account = account;
    this.#quietMs = Math.min(QUIET_MS_MAX, (QUIET_SHARE * FAILURES_MIN * MS_PER_SECOND) / rate);
    this.#onEnded = onEnded;
  }

  /** Notes that a call got no answer. @returns how the account stands now */
  noteFailure(failure: Failure): Promise<Standing> {
    this.#failedAt = performance.now();
    return noteFailure(this.#place, failure, this.timing);
  }

  /**
   * Redis says that neither an outage nor a failure is on record: an answer has nothing to end then.
   * @param askedAt on the clock of this process, in milliseconds: failures noted since may be unknown
   */
  hearQuiet(askedAt: number): void {
    this.#quietAt = Math.max(this.#quietAt, askedAt);
  }

  /** Notes that the peer answered an operation, whatever it said. */
  async noteAnswer(operation: Operation): Promise<void> {
    const isQuiet = this.#quietAt > this.#failedAt && performance.now() - this.#quietAt < this.#quietMs;
    if (!isQuiet) await this.#end(operation);
  }

  /** Ends an open outage that no row is left to probe. */
  async end(): Promise<void> {
    await this.#end(undefined);
  }

  /** Passes the turn to the next row, if this one still has it. */
  async giveBackTurn(row: string): Promise<void> {
    await giveBackTurn(this.#place, row);
  }

  /** Notes that a job waits because the peer did not answer; its wait ends with the outage. */
  async noteAside(step: StepName, jobId: string): Promise<void> {
    const key = accountKeys(this.#account).outageAside(step);
    await this.#redis.multi().sadd(key, jobId).pexpire(key, ASIDE_KEPT_MS).exec();
  }

  /** Jobs that were put aside; some may already be back. */
  async listAside(step: StepName): Promise<string[]> {
    return this.#redis.smembers(accountKeys(this.#account).outageAside(step));
  }

  async read(): Promise<OpenOutage | undefined> {
    return storedSchema.safeParse(await this.#redis.hgetall(accountKeys(this.#account).outage)).data;
  }

  get #place() {
    return { redis: this.#redis, account: this.#account };
  }

  async #end(operation: Operation | undefined): Promise<void> {
    const { hasEnded, since } = await noteAnswer(this.#place, operation, this.timing.sameWithinMs);
    if (!hasEnded) return;
    const [upload, submit] = await Promise.all([this.#takeAside('upload'), this.#takeAside('submit')]);
    await this.#onEnded?.({ since, aside: { upload, submit } });
  }

  async #takeAside(step: StepName): Promise<string[]> {
    const key = accountKeys(this.#account).outageAside(step);
    const [members] = (await this.#redis.multi().smembers(key).del(key).exec()) ?? [];
    return z.array(z.string()).parse(members?.[1] ?? []);
  }
}
