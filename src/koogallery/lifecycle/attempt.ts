/** What attempts at a task have in common, whoever does the work. */
import { AnswerRefused } from '../../alibaba/bound-answer.ts';
import { whyUnreached } from '../../alibaba/reach.ts';
import { AppError } from '../../errors.ts';
import type { Writes } from '../../redis/durable.ts';
import { waitMs } from './backoff.ts';
import type { Begun } from './begin-task.ts';
import type { Ending } from './end-task.ts';
import type { Keeping } from './keep-task.ts';
import { boundReason } from './webhook-answer.ts';

/** Before another attempt, while Redis cannot say that it will not forget the task; in milliseconds. */
const UNSURE_MS = 5_000;

export interface Attempt {
  begun: Begun;
  keeping: Keeping;
  /** Since before it was begun. */
  writes: Writes;
}

/** Why an attempt cannot be brought to its end now. */
export class NotNow extends Error {}

export function lostToAnother(): NotNow {
  return new NotNow('another process has begun this task again');
}

/** To be tried again, a bounded number of times in a row. */
export function failed({ task }: Begun, reason: string, wantedMs?: number): Ending {
  const delayMs = waitMs({ count: Math.max(task.failures, 1), isAlive: false, wantedMs });
  return { outcome: 'later', reason, delayMs, isAlive: false };
}

/** What an error in the middle of an attempt means for it. */
export function endingOf(begun: Begun, error: unknown): Ending {
  if (error instanceof AppError && error.code === 'NOT_DURABLE_YET')
    return { outcome: 'later', reason: boundReason(error.message), delayMs: UNSURE_MS, isAlive: true };
  return failed(begun, boundReason(wordsOf(error)));
}

function wordsOf(error: unknown): string {
  if (error instanceof AppError || error instanceof NotNow) return error.message;
  if (error instanceof AnswerRefused) return error.reason;
  return `no answer: ${whyUnreached(error)}`;
}
