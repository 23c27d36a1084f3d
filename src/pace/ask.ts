import { z } from 'zod';
import { accountKeys, type StepName } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { PaceAccess } from './access.ts';
import { HOLD_MAX, initialPace, intervalOf, MICROSECONDS_PER_MS } from './control.ts';

/** While nothing is known of earlier calls, one full window of the peer must pass. In milliseconds. */
export const FULL_WINDOW_MS = 1_000;

/** No run id looks like this. */
const NONE_KNOWN = '?';

const SPENT_MS = 5 * 60_000;
const TURN_MAX_MS = 10 * 60_000;
const OUTAGE_WAIT_MIN_MS = 250;

const answerSchema = z.discriminatedUnion('verdict', [
  z.object({
    /** `probe`: the one call that an open breaker lets through. */
    verdict: z.enum(['granted', 'probe']),
    /** Microseconds, like the four times below. */
    interval: z.number(),
    now: z.number(),
    quietSince: z.number(),
    surge: z.number(),
    lastThrottle: z.number(),
    /** Throttled calls in a row before this one. */
    refusals: z.number(),
  }),
  /** Microseconds to wait, and which server says so; empty if it does not disclose that. */
  z.object({ verdict: z.literal('wait'), wait: z.number(), runId: z.string() }),
  /** Milliseconds until the next probe of the open breaker. */
  z.object({ verdict: z.literal('breaker'), wait: z.number() }),
  /** Milliseconds until a row may probe whether the outage is over. */
  z.object({ verdict: z.literal('outage'), wait: z.number() }),
  /** `turn`: this row is to probe, and asks again; `spent`: it was already submitted during this outage. */
  z.object({ verdict: z.literal('turn') }),
  z.object({ verdict: z.literal('spent') }),
  /** A person has paused the account. */
  z.object({ verdict: z.literal('paused') }),
]);
type Answer = z.output<typeof answerSchema>;
export type Granted = Extract<Answer, { interval: number }>;

export const askScript = defineScript(new URL('./ask.lua', import.meta.url), {
  includes: [new URL('../redis/run-id.lua', import.meta.url)],
  prelude: [
    '-- A hold further ahead (µs) was set by a clock that has been set back since, and must not outlast any other.',
    `local HOLD_MAX = ${HOLD_MAX}`,
    '-- A row submitted during an outage is not submitted again in the same outage before this time (ms).',
    `local SPENT_MS = ${SPENT_MS}`,
    '-- Longest turn to probe whether it is over, and longest time until the next turn (ms).',
    `local TURN_MAX_MS = ${TURN_MAX_MS}`,
    '-- A row that may not probe asks again after this time at the earliest (ms).',
    `local OUTAGE_WAIT_MIN_MS = ${OUTAGE_WAIT_MIN_MS}`,
  ].join('\n'),
  decode: answerSchema.parse,
});

export interface Question {
  step: StepName;
  /** Names the row to be sent; '' if there is none. */
  row: string;
  /** Time between two probes of an open breaker, in milliseconds. */
  probeEveryMs: number;
  /** Longest turn of a row to probe whether an outage is over, in milliseconds. */
  turnMs: number;
  /** Run id of the server that granted last; undefined before the first answer. */
  knownRunId: string | undefined;
}

/** Asks whether a call of the step may be sent now. */
export async function ask(pace: PaceAccess, question: Question): Promise<Answer> {
  const { redis, account, target } = pace;
  const { step, row, probeEveryMs, turnMs, knownRunId = NONE_KNOWN } = question;
  const keys = accountKeys(account);
  const firstInterval = intervalOf(initialPace(target, 0));
  const fullWindow = FULL_WINDOW_MS * MICROSECONDS_PER_MS;
  return askScript.run(
    redis,
    [keys.pace(step), keys.breaker, keys.outage, keys.outageSpent, keys.paused],
    [firstInterval, fullWindow, probeEveryMs, target.rate, step, row, turnMs, knownRunId],
  );
}
