import { z } from 'zod';
import { accountKeys, type StepName } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import type { PaceAccess } from './access.ts';
import { HOLD_MAX, initialPace, intervalOf, MICROSECONDS_PER_MS } from './control.ts';

/** While nothing is known of earlier calls, one full window of the peer must pass. In milliseconds. */
export const FULL_WINDOW_MS = 1_000;

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
  /** Microseconds to wait. */
  z.object({ verdict: z.literal('wait'), wait: z.number() }),
  /** Milliseconds until the next probe of the open breaker. */
  z.object({ verdict: z.literal('breaker'), wait: z.number() }),
  /** A person has paused the account. */
  z.object({ verdict: z.literal('paused') }),
]);
export type Answer = z.output<typeof answerSchema>;
export type Granted = Extract<Answer, { interval: number }>;

export const askScript = defineScript(new URL('./ask.lua', import.meta.url), {
  prelude: [
    '-- A hold that is further ahead (µs) was set by a clock that was set back since, and must not outlast any other.',
    `local HOLD_MAX = ${HOLD_MAX}`,
  ].join('\n'),
  decode: answerSchema.parse,
});

/**
 * Asks whether a call of the step may be sent now.
 * @param probeEveryMs distance between two probes of an open breaker
 */
export async function ask(pace: PaceAccess, step: StepName, probeEveryMs: number): Promise<Answer> {
  const { redis, account, target } = pace;
  const keys = accountKeys(account);
  const firstInterval = intervalOf(initialPace(target, 0));
  const fullWindow = FULL_WINDOW_MS * MICROSECONDS_PER_MS;
  return askScript.run(
    redis,
    [keys.pace(step), keys.breaker, keys.paused],
    [firstInterval, fullWindow, probeEveryMs, target.rate],
  );
}
