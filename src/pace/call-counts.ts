/** How the calls of this process ended, for its metrics: counted where they are made, and gone with the process. */
import type { ErrorClass } from '../error-classes.ts';
import type { AppError } from '../errors.ts';
import { OPERATIONS, type Operation } from './outage-operations.ts';

/** `ok`, `unsent` if not a byte of it left this machine, or the class of what the peer answered. */
export const ANSWER_CLASSES = [
  'ok',
  'unsent',
  'throttled',
  'transient',
  'ambiguous',
  'reauthorize',
  'customer',
  'account',
  'machine',
  'unknown',
] as const satisfies readonly ('ok' | 'unsent' | ErrorClass)[];
export type AnswerClass = (typeof ANSWER_CLASSES)[number];

export interface CallCount {
  operation: Operation;
  answer: AnswerClass;
  calls: number;
}

/** Of one account. */
export class CallCounts {
  readonly #counts = new Map<string, CallCount>();

  constructor() {
    // A series that is there from the start shows its first event as an increase.
    for (const operation of OPERATIONS)
      for (const answer of ANSWER_CLASSES)
        this.#counts.set(`${operation} ${answer}`, { operation, answer, calls: 0 });
  }

  /** @param error undefined if the peer did what it was asked */
  count(operation: Operation, error?: Pick<AppError, 'class' | 'wasSent'>): void {
    const counted = this.#counts.get(`${operation} ${answerClassOf(error)}`);
    if (counted) counted.calls += 1;
  }

  /** Each operation with each class, 0 included. */
  list(): CallCount[] {
    return [...this.#counts.values()];
  }
}

function answerClassOf(error: Pick<AppError, 'class' | 'wasSent'> | undefined): AnswerClass {
  if (error === undefined) return 'ok';
  if (!error.wasSent) return 'unsent';
  return ANSWER_CLASSES.find((known) => known === error.class) ?? 'unknown';
}
