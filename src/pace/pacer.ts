/**
 * The pacer: every limited call of every process asks here right before it is sent, and is let through at least one
 * interval after the call before it, over all processes, machines, retries and command-line tools.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, STEPS, type StepName } from '../redis/keys.ts';
import type { PaceAccess } from './access.ts';
import { adjust } from './adjust.ts';
import { ask, FULL_WINDOW_MS, type Granted } from './ask.ts';
import {
  afterQuiet,
  afterThrottle,
  initialPace,
  intervalOf,
  isNarrowingDue,
  MICROSECONDS_PER_MS,
} from './control.ts';
import { NotNow } from './not-now.ts';
import { ReconnectHold } from './reconnect-hold.ts';
import { type PaceView, paceViewOf } from './stored-pace.ts';

/** If a grant is older than this when the call could leave, another is asked for. In milliseconds. */
const LATE_AFTER_MS = 15;
/** A probe goes alone, so it may be later; asking again would be refused until the next one is due. */
const PROBE_LATE_AFTER_MS = 1_000;
/** Longest turn to probe whether an outage is over, in milliseconds: three calls of the longest duration. */
const TURN_MS = 120_000;
/** Longest wait inside a job; beyond it the job goes back to its queue. In milliseconds. */
const WAIT_IN_JOB_MS_MAX = 5_000;

export interface PacerOptions {
  account: string;
  /** Calls per second that the peer allows, for each step. */
  rate: number;
  /** Added to 1/rate for the first interval between two calls, in milliseconds. */
  guardMs: number;
  /** Interval between two probes of an open breaker, in milliseconds. */
  probeEveryMs: number;
  /** Longest turn of a row to probe whether an outage is over, in milliseconds. */
  turnMs?: number;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** A clock of this process that is never set back, in milliseconds. */
  clock?: () => number;
}

export interface Grant {
  /** The one call that an open breaker lets through. */
  isProbe: boolean;
  /** Throttled calls in a row before this one. */
  refusals: number;
}

export interface Asking {
  /** Names the row to be sent: only a row may probe whether an outage is over. */
  row?: string;
  /** The last thing to do before sending. It counts as part of the way, so keep it to one round trip. */
  prepare?: () => Promise<void>;
  /** Called first if it is this row's turn to probe whether an outage is over. */
  onTurn?: () => Promise<void>;
}

export function createPacer(redis: RedisClient, options: PacerOptions): Pacer {
  return new Pacer(redis, options);
}

export class Pacer {
  readonly #pace: PaceAccess;
  readonly #probeEveryMs: number;
  readonly #turnMs: number;
  readonly #random: () => number;
  readonly #clock: () => number;
  readonly #hold: ReconnectHold;
  /** The end of the queue of those who ask for a step. */
  readonly #lines: Record<StepName, Promise<unknown>> = {
    upload: Promise.resolve(),
    submit: Promise.resolve(),
  };
  /** When this process may ask again: until then the answer is known, and asking would only cost a round trip. */
  readonly #askFrom: Record<StepName, number> = { upload: 0, submit: 0 };

  constructor(redis: RedisClient, options: PacerOptions) {
    const { account, rate, guardMs, probeEveryMs, turnMs = TURN_MS, random = Math.random, clock } = options;
    this.#pace = { redis, account, target: { rate, guard: guardMs * MICROSECONDS_PER_MS } };
    this.#probeEveryMs = probeEveryMs;
    this.#turnMs = turnMs;
    this.#random = random;
    this.#clock = clock ?? (() => performance.now());
    this.#hold = new ReconnectHold(redis, { holdMs: FULL_WINDOW_MS, clock: this.#clock });
  }

  /**
   * Returns when one call of the step may be sent, now.
   * @throws NotNow if the wait is too long to sit out in a job, or the abort reason of the signal
   */
  take(step: StepName, signal: AbortSignal, asking: Asking = {}): Promise<Grant> {
    // One asker at a time in a process: the others would only learn that it is not their turn.
    const turn = this.#lines[step].then(() => this.#takeInTurn(step, signal, asking));
    this.#lines[step] = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Records a throttled call: widens the interval for everybody and holds the step back.
   * @param retryAfterMs what the peer asked for
   * @returns for how long, in milliseconds
   */
  async throttled(step: StepName, retryAfterMs?: number): Promise<number> {
    const { redis, account, target } = this.#pace;
    const askedWait = retryAfterMs === undefined ? undefined : retryAfterMs * MICROSECONDS_PER_MS;
    await redis.hincrby(accountKeys(account).pace(step), 'throttled', 1);
    const { state, now } = await adjust(this.#pace, step, (current, at) =>
      afterThrottle(current, target, { now: at, random: this.#random(), askedWait }),
    );
    return Math.max(Math.ceil((state.until - now) / MICROSECONDS_PER_MS), 1);
  }

  /** Records that the peer let a call through, if that ends a series of refusals. */
  async accepted(step: StepName, grant: Grant): Promise<void> {
    if (grant.refusals > 0) await this.#narrow(step);
  }

  /** The current pace of a step. */
  async read(step: StepName): Promise<PaceView> {
    const { redis, account } = this.#pace;
    return paceViewOf(step, await redis.hgetall(accountKeys(account).pace(step)));
  }

  readAll(): Promise<PaceView[]> {
    return Promise.all(STEPS.map((step) => this.read(step)));
  }

  /** Current interval between two calls of the slower step, in milliseconds; before the first call, the initial one. */
  async slowestIntervalMs(): Promise<number> {
    const first = intervalOf(initialPace(this.#pace.target, 0)) / MICROSECONDS_PER_MS;
    const views = await this.readAll();
    return Math.max(...views.map(({ intervalMs = first }) => intervalMs));
  }

  async #takeInTurn(step: StepName, signal: AbortSignal, asking: Asking): Promise<Grant> {
    const { row = '', prepare, onTurn } = asking;
    const question = { step, row, probeEveryMs: this.#probeEveryMs, turnMs: this.#turnMs };
    const giveUpAt = this.#clock() + WAIT_IN_JOB_MS_MAX;
    for (;;) {
      await this.#waitToAsk(step, signal);
      const askedAt = this.#clock();
      const answer = await ask(this.#pace, { ...question, knownRunId: this.#hold.runId });
      if (answer.verdict === 'paused') throw new NotNow('paused', Number.POSITIVE_INFINITY);
      if (answer.verdict === 'breaker' || answer.verdict === 'outage')
        throw new NotNow(answer.verdict, answer.wait);
      if (answer.verdict === 'spent') throw new NotNow('spent', 0);
      if (answer.verdict === 'turn') {
        await onTurn?.();
        continue;
      }
      if (answer.verdict === 'wait') {
        this.#hold.meet(answer.runId);
        const waitMs = answer.wait / MICROSECONDS_PER_MS;
        if (this.#clock() + waitMs > giveUpAt) throw new NotNow('throttled', waitMs);
        await sleep(waitMs, undefined, { signal });
        continue;
      }
      this.#askFrom[step] = this.#clock() + answer.interval / MICROSECONDS_PER_MS;
      await prepare?.();
      const isProbe = answer.verdict === 'probe';
      if (this.#clock() - askedAt > (isProbe ? PROBE_LATE_AFTER_MS : LATE_AFTER_MS)) continue;
      this.#narrowIfDue(step, answer);
      return { isProbe, refusals: answer.refusals };
    }
  }

  /** Waits while the answer is known to be no. */
  async #waitToAsk(step: StepName, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = Math.max(this.#askFrom[step], this.#hold.until) - this.#clock();
      if (waitMs <= 0) return;
      // The hold is infinite while Redis is away, so it is checked again.
      await sleep(Math.min(waitMs, FULL_WINDOW_MS), undefined, { signal });
    }
  }

  /** Not awaited: the call must leave now, and a lost narrowing is made up for by the next call. */
  #narrowIfDue(step: StepName, answer: Granted): void {
    if (isNarrowingDue(answer, answer.now)) this.#narrow(step).catch(() => undefined);
  }

  async #narrow(step: StepName): Promise<void> {
    await adjust(this.#pace, step, (state, at) => afterQuiet(state, this.#pace.target, at));
  }
}
