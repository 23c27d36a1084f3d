/**
 * The pacer: every limited call of every process asks here right before it is sent, and is let through at least one
 * interval after the call before it, over all processes, machines, retries and command-line tools.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { createScript, redisTime } from '../redis/script.ts';
import {
  afterQuiet,
  afterThrottle,
  initialPace,
  intervalOf,
  isNarrowingDue,
  MICROSECONDS_PER_MS,
  type PaceState,
  type PaceTarget,
} from './control.ts';
import { ADJUST_SCRIPT, ASK_SCRIPT } from './scripts.ts';

/** Operations that the peer limits; each has its own pace. */
export type LimitedOperation = 'authorize' | 'submit';
export const LIMITED_OPERATIONS: readonly LimitedOperation[] = ['authorize', 'submit'];

/** A grant that is older than this when the call could leave is asked for again, in milliseconds. */
const LATE_AFTER_MS = 15;
/** Longest wait inside a job; beyond it the job goes back to its queue. In milliseconds. */
const WAIT_IN_JOB_MS_MAX = 5_000;
/** While nothing is known of earlier calls, one full window of the peer must pass. In milliseconds. */
const FULL_WINDOW_MS = 1_000;
const ADJUST_TRIES_MAX = 20;

export interface PacerOptions {
  account: string;
  /** Calls per second that the peer allows, for each operation. */
  rate: number;
  guardMs: number;
  /** Distance between two probes of an open breaker, in milliseconds. */
  probeEveryMs: number;
  random?: () => number;
}

/** Why a call may not be sent now, and for how long; thrown by `take`. */
export class NotNow extends Error {
  readonly reason: 'throttled' | 'breaker';
  readonly waitMs: number;

  constructor(reason: 'throttled' | 'breaker', waitMs: number) {
    super(reason === 'breaker' ? 'The breaker of the account is open.' : 'The peer asked for a pause.');
    this.name = 'NotNow';
    this.reason = reason;
    this.waitMs = waitMs;
  }
}

export interface Grant {
  isProbe: boolean;
  /** Throttled calls in a row before this one. */
  refusals: number;
}

export type Pacer = ReturnType<typeof createPacer>;

export function createPacer(redis: RedisClient, options: PacerOptions) {
  const keys = accountKeys(options.account);
  const target: PaceTarget = { rate: options.rate, guard: options.guardMs * MICROSECONDS_PER_MS };
  const ask = createScript<number[]>(redis, ASK_SCRIPT);
  const adjustScript = createScript<number>(redis, ADJUST_SCRIPT);
  const random = options.random ?? Math.random;
  const queues: Record<LimitedOperation, Promise<unknown>> = {
    authorize: Promise.resolve(),
    submit: Promise.resolve(),
  };
  /** When this process may ask again: before, the answer is known, and asking would cost a round trip. */
  const askFrom: Record<LimitedOperation, number> = { authorize: 0, submit: 0 };
  let heldUntil = 0;
  // A Redis that comes back may have lost the last second of grants: one full window passes first.
  redis.on('close', () => {
    heldUntil = Number.POSITIVE_INFINITY;
  });
  redis.on('ready', () => {
    if (heldUntil > 0) heldUntil = performance.now() + FULL_WINDOW_MS;
  });

  /**
   * Returns when one call of the operation may be sent, now.
   * @param prepare the last thing to do before sending; it counts as part of the way, so keep it to one round trip
   * @throws NotNow where the wait is too long for a job to keep, or the abort reason of the signal
   */
  function take(
    operation: LimitedOperation,
    signal: AbortSignal,
    prepare?: () => Promise<void>,
  ): Promise<Grant> {
    // One asker at a time in a process: the others would only learn that it is not their turn.
    const turn = queues[operation].then(() => takeInTurn(operation, signal, prepare));
    queues[operation] = turn.catch(() => undefined);
    return turn;
  }

  async function takeInTurn(
    operation: LimitedOperation,
    signal: AbortSignal,
    prepare?: () => Promise<void>,
  ): Promise<Grant> {
    const giveUpAt = performance.now() + WAIT_IN_JOB_MS_MAX;
    for (;;) {
      signal.throwIfAborted();
      const askedAt = performance.now();
      const known = Math.max(askFrom[operation], heldUntil) - askedAt;
      if (known > 0) {
        // `heldUntil` is infinite while Redis is away, so it is looked at again.
        await sleep(Math.min(known, FULL_WINDOW_MS), undefined, { signal });
        continue;
      }
      const [verdict, number, ...facts] = (await ask(
        [keys.pace(operation), keys.breaker],
        [
          intervalOf(initialPace(target, 0)),
          FULL_WINDOW_MS * MICROSECONDS_PER_MS,
          options.probeEveryMs,
          options.rate,
        ],
      )) as [number, number, ...number[]];
      if (verdict === -1) throw new NotNow('breaker', number);
      if (verdict === 0) {
        const waitMs = number / MICROSECONDS_PER_MS;
        if (performance.now() + waitMs > giveUpAt) throw new NotNow('throttled', waitMs);
        await sleep(waitMs, undefined, { signal });
        continue;
      }
      askFrom[operation] = performance.now() + number / MICROSECONDS_PER_MS;
      await prepare?.();
      if (performance.now() - askedAt > LATE_AFTER_MS) continue;
      narrowIfDue(operation, facts);
      return { isProbe: verdict === 2, refusals: facts.at(-1) ?? 0 };
    }
  }

  /** Not awaited: the call must leave now, and a lost narrowing is made up for by the next call. */
  function narrowIfDue(
    operation: LimitedOperation,
    [quietSince = 0, now = 0, surge = 0, lastThrottle = 0]: number[],
  ): void {
    if (!isNarrowingDue({ quietSince, surge, lastThrottle }, now)) return;
    adjust(operation, (state, at) => afterQuiet(state, target, at)).catch(() => undefined);
  }

  /**
   * Records a throttled call: widens the interval for everybody and holds the operation back.
   * @returns for how long, in milliseconds
   */
  async function throttled(operation: LimitedOperation, retryAfterMs?: number): Promise<number> {
    const askedWait = retryAfterMs === undefined ? undefined : retryAfterMs * MICROSECONDS_PER_MS;
    await redis.hincrby(keys.pace(operation), 'throttled', 1);
    const { state, now } = await adjust(operation, (current, at) =>
      afterThrottle(current, target, { now: at, random: random(), askedWait }),
    );
    return Math.max(Math.ceil((state.until - now) / MICROSECONDS_PER_MS), 1);
  }

  /** Records that the peer let a call through, where that ends a series of refusals. */
  async function accepted(operation: LimitedOperation, grant: Grant): Promise<void> {
    if (grant.refusals > 0) await adjust(operation, (state, at) => afterQuiet(state, target, at));
  }

  async function adjust(operation: LimitedOperation, change: (state: PaceState, now: number) => PaceState) {
    const key = keys.pace(operation);
    for (let tries = 0; tries < ADJUST_TRIES_MAX; tries++) {
      const [stored, now] = await Promise.all([redis.hgetall(key), redisTime(redis, key)]);
      const before = parsePace(stored) ?? initialPace(target, now);
      const state = change(before, now);
      if (state === before) return { state, now };
      const fields = Object.entries(state).flatMap(([field, value]) => [field, Math.round(value)]);
      if ((await adjustScript([key, keys.breaker], [stored.version ?? '0', ...fields])) === 1)
        return { state, now };
    }
    throw new AppError(
      'TRANSITION_REFUSED',
      `The pace of ${operation} could not be adjusted: too many at once.`,
    );
  }

  return { take, throttled, accepted };
}

function parsePace(stored: Record<string, string>): PaceState | undefined {
  if (stored.settled === undefined) return undefined;
  const number = (field: keyof PaceState) => Number(stored[field] ?? 0);
  return {
    settled: number('settled'),
    surge: number('surge'),
    surgeHeld: number('surgeHeld'),
    streak: number('streak'),
    streakBase: number('streakBase'),
    refusals: number('refusals'),
    lastThrottle: number('lastThrottle'),
    quietSince: number('quietSince'),
    until: number('until'),
  };
}

export interface PaceView {
  operation: LimitedOperation;
  /** Distance between two calls in force, in milliseconds; absent before the first call. */
  intervalMs: number | undefined;
  throttled: number;
  granted: number;
}

/** The pace in force, for status and metrics. */
export async function readPace(
  redis: RedisClient,
  account: string,
  operation: LimitedOperation,
): Promise<PaceView> {
  const stored = await redis.hgetall(accountKeys(account).pace(operation));
  const state = parsePace(stored);
  return {
    operation,
    intervalMs: state && intervalOf(state) / MICROSECONDS_PER_MS,
    throttled: Number(stored.throttled ?? 0),
    granted: Number(stored.granted ?? 0),
  };
}
