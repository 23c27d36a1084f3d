/** The classes of errors: what each means to whoever meets it. A code of `error-codes.ts` says what happened. */

/** What a failure means: for a job (the table in `workers/verdict.ts`), and for the exit code of a command. */
export const ERROR_CLASSES = [
  'throttled',
  'transient',
  'ambiguous',
  'reauthorize',
  'customer',
  'account',
  /** Something is wrong on this machine; another one may do it. */
  'machine',
  'unknown',
  /** The input as a whole cannot be used. */
  'input',
  'usage',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

export interface ErrorCodeFacts {
  class: ErrorClass;
  /** What to do next, for the person who reads it. */
  hint: string;
}
