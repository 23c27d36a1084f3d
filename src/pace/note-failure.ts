import { z } from 'zod';
import type { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { HOLDS_ALL, type Operation, STEP_OF } from './outage-operations.ts';

/** Consecutive calls of one operation without an answer that make an outage, in which no row is blamed. */
export const FAILURES_MIN = 5;
/** Different rows that these calls must come from. A single row is taken as the cause, unless nothing was even sent. */
const ROWS_MIN = 3;
/** Failures further apart than this are not consecutive. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

const flag = z.literal([0, 1]).transform((value) => value === 1);

const resultSchema = z.object({
  /** An outage is open, and the row waits for its end. */
  isOpen: flag,
  /** This call opened it. */
  hasBegun: flag,
  /** It continues an outage that was over only briefly. */
  isSame: flag,
  /** It was this row's turn to probe whether it is over. */
  wasProbe: flag,
  /** Milliseconds until the next turn. */
  wait: z.number(),
  /** Milliseconds since 1970; 0 if none is open. */
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
  /** Names the row to be sent. */
  row: string;
  error: AppError;
}

/** Time between two probes of an outage, in milliseconds: it doubles from the first to the longest. */
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
