/** What the scripts share that grant slots: their keys, their values, and what they answer. The functions: `slot.lua`. */
import { z } from 'zod';
import { accountKeys, type StepName } from '../redis/keys.ts';
import type { SlotTerms } from './access.ts';
import { HOLD_MAX, initialPace, intervalOf, MICROSECONDS_PER_MS } from './control.ts';
import { OPERATIONS } from './outage-operations.ts';
import { HORIZON_MS_MAX } from './round-trips.ts';

/** While nothing is known of earlier calls, one full window of the peer must pass. In milliseconds. */
export const FULL_WINDOW_MS = 1_000;

/** No run id looks like this. */
const NONE_KNOWN = '?';
const SPENT_MS = 5 * 60_000;
const TURN_MAX_MS = 10 * 60_000;
const OUTAGE_WAIT_MIN_MS = 250;

/** A slot, or why there is none. */
export const SLOT_ANSWERS = [
  z.object({
    /** `probe`: the one call that an open breaker lets through. */
    verdict: z.enum(['granted', 'probe']),
    /** When the call may leave, on the clock of Redis, in microseconds, like the five times below. */
    due: z.number(),
    now: z.number(),
    interval: z.number(),
    quietSince: z.number(),
    surge: z.number(),
    lastThrottle: z.number(),
    /** Throttled calls in a row before this one. */
    refusals: z.number(),
    /** Neither an outage nor a call without an answer since the last one with an answer is on record. */
    isQuiet: z.literal([0, 1]).transform((flag) => flag === 1),
  }),
  /**
   * Microseconds until the next slot; it may be asked for when it is due within the horizon. And which server says so;
   * empty if it does not disclose that.
   */
  z.object({ verdict: z.literal('wait'), wait: z.number(), now: z.number(), runId: z.string() }),
  /** Milliseconds until the next probe of the open breaker. */
  z.object({ verdict: z.literal('breaker'), wait: z.number() }),
  /** Milliseconds until a row may probe whether the outage is over. */
  z.object({ verdict: z.literal('outage'), wait: z.number() }),
  /** `turn`: this row is to probe, and asks again; `spent`: it was already submitted during this outage. */
  z.object({ verdict: z.literal('turn') }),
  z.object({ verdict: z.literal('spent') }),
  /** A person has paused the account. */
  z.object({ verdict: z.literal('paused') }),
] as const;

export type SlotAnswer = z.output<(typeof SLOT_ANSWERS)[number]>;
export type GrantedSlot = Extract<SlotAnswer, { due: number }>;

/** What a script needs that includes `slot.lua`. */
export const GRANTING = {
  prelude: [
    '-- A hold further ahead (µs) was set by a clock that has been set back since, and must not outlast any other.',
    `local HOLD_MAX = ${HOLD_MAX}`,
    '-- So was a slot further ahead than any process may ask for (µs).',
    `local HORIZON_MAX = ${HORIZON_MS_MAX * MICROSECONDS_PER_MS}`,
    '-- A row submitted during an outage is not submitted again in the same outage before this time (ms).',
    `local SPENT_MS = ${SPENT_MS}`,
    '-- Longest turn to probe whether it is over, and longest time until the next turn (ms).',
    `local TURN_MAX_MS = ${TURN_MAX_MS}`,
    '-- A row that may not probe asks again after this time at the earliest (ms).',
    `local OUTAGE_WAIT_MIN_MS = ${OUTAGE_WAIT_MIN_MS}`,
  ].join('\n'),
  includes: [new URL('../redis/run-id.lua', import.meta.url), new URL('./slot.lua', import.meta.url)],
};

/** How a slot is asked for. */
export interface SlotQuestion {
  step: StepName;
  /** How far ahead it may be given away, in milliseconds. */
  horizonMs: number;
  /** How soon after the moment of asking it can be used, in milliseconds. */
  reachMs: number;
  /** A slot that could not be used: `due` of its answer. */
  missed: number | undefined;
  /** Run id of the server that gave slots last; undefined before the first answer. */
  knownRunId: string | undefined;
}

/** How many keys `slot.lua` takes. */
export const SLOT_KEYS = 5 + OPERATIONS.length;

export function slotKeys(account: string, step: StepName): string[] {
  const keys = accountKeys(account);
  const ofOutage = [keys.outage, keys.outageSpent];
  return [keys.pace(step), keys.breaker, ...ofOutage, keys.paused, ...OPERATIONS.map(keys.outageFailures)];
}

/** @param row names the row to be sent; '' if there is none */
export function slotValues(
  { target, probeEveryMs, passesBreaker, turnMs }: SlotTerms,
  { step, horizonMs, reachMs, missed, knownRunId = NONE_KNOWN }: SlotQuestion,
  row: string,
): (string | number)[] {
  const firstInterval = intervalOf(initialPace(target, 0));
  const fullWindow = FULL_WINDOW_MS * MICROSECONDS_PER_MS;
  const [horizon, reach] = [horizonMs, reachMs].map((ms) => Math.round(ms * MICROSECONDS_PER_MS));
  return [
    firstInterval,
    fullWindow,
    passesBreaker ? '' : probeEveryMs,
    target.rate,
    step,
    row,
    turnMs,
    horizon ?? 0,
    reach ?? 0,
    missed ?? '',
    knownRunId,
  ];
}
