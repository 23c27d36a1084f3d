/** Exit codes, and how an error becomes one. */
import type { ErrorClass, ErrorCode } from '../error-codes.ts';
import { AppError } from '../errors.ts';

export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  inputInvalid: 3,
  rowsFailed: 4,
  /** Nothing goes on until a person acts. */
  needsPerson: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors of a call or a row end a command only if nothing handled them. */
const EXIT_OF: Partial<Record<ErrorClass, ExitCode>> = {
  usage: EXIT.usage,
  input: EXIT.inputInvalid,
  account: EXIT.needsPerson,
  machine: EXIT.needsPerson,
};

export function exitCodeOf(error: unknown): ExitCode {
  return (error instanceof AppError && EXIT_OF[error.class]) || EXIT.unexpected;
}

/** Their messages need no hint: the list of problems before them has one for each. */
const SAYS_ALL: readonly ErrorCode[] = ['INPUT_INVALID'];

/** What happened, and what to do next. */
export function describeError(error: unknown): string {
  if (error instanceof AppError)
    return SAYS_ALL.includes(error.code) ? error.message : `${error.message}\n  → ${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
