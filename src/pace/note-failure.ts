import { z } from 'zod';
import type { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { HOLDS_ALL, type Operation, STEP_OF } from './outage-operations.ts';

/** Calls of one operation in a row that got no answer, after which it is an outage and nobody's row is blamed. */
const FAILURES_MIN = 5;
/** Rows that these calls must be of. One row alone is taken for the reason, unless nothing could even be sent. */
const ROWS_MIN = 3;
/** Failures further apart than this are not "in a row". */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

const flag = z.literal([0, 1]).transform((value) => value === 1);

const resultSchema = z.object({
  /** The call's row waits for the end of an outage. */
  isOpen: flag,
  /** This very call has opened it. */
  hasBegun: flag,
  /** It is the outage that was over for a moment only. */
  isSame: flag,
  /** The row had the turn to find out whether it is over. */
  wasProbe: flag,
  /** Milliseconds until the next turn. */
  wait: z.number(),
  /** Milliseconds since 1970; 0 where none is open. */
  since: z.number(),
});
export type Standing = z.output<typeof resultSchema>;

export const noteFailureScript = defineScript(new URL('./note-failure.lua', import.meta.url), {
  prelude: [
    `local FAILURES_MIN = ${FAILURES_MIN}`,
    `local ROWS_MIN = ${ROWS_MIN}`,
    `local FORGOTTEN_AFTER_MS = ${FORGOTTEN_AFTER_MS}`,
  ].join('\n'),
  decode: resultSchema.parse,
});

export interface Failure {
  operation: Operation;
  /** Names the row that was to be sent. */
  row: string;
  error: AppError;
}

/** Distances between two probes of an outage, in milliseconds: they double. */
export interface Distances {
  firstMs: number;
  longestMs: number;
}

export async function noteFailure(
  { redis, account }: { redis: RedisClient; account: string },
  { operation, row, error }: Failure,
  { firstMs, longestMs }: Distances,
): Promise<Standing> {
  const keys = accountKeys(account);
  const facts = [row, operation, STEP_OF[operation], HOLDS_ALL[operation] ? 1 : 0, error.wasSent ? 1 : 0];
  return noteFailureScript.run(
    redis,
    [keys.outageFailures(operation), keys.outage, keys.lastOutage, keys.outageSpent],
    [...facts, error.shownCode, error.message, firstMs, longestMs],
  );
}
