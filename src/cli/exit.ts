/** Exit codes, and how an error becomes one. */
import { CommanderError } from 'commander';
import type { ErrorClass } from '../error-classes.ts';
import type { ErrorCode } from '../error-codes.ts';
import { AppError } from '../errors.ts';
import { wantsDetails } from '../onboarding/environment.ts';
import { say } from './output.ts';

export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  inputInvalid: 3,
  rowsFailed: 4,
  /** Nothing goes on until a person acts. */
  needsPerson: 5,
  interrupted: 130,
  /** Nobody reads the output any more: what a shell says of a program that SIGPIPE ended. */
  readerGone: 141,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors of a call or a row end a command only if nothing handled them. */
const EXIT_OF: Partial<Record<ErrorClass, ExitCode>> = {
  usage: EXIT.usage,
  input: EXIT.inputInvalid,
  account: EXIT.needsPerson,
  machine: EXIT.needsPerson,
};

/** Says what went wrong. @returns the exit code */
export function fail(error: unknown): ExitCode {
  // What is wrong with the words has been said already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  say(`onboard: ${describeError(error)}`);
  return exitCodeOf(error);
}

export function exitCodeOf(error: unknown): ExitCode {
  return (error instanceof AppError && EXIT_OF[error.class]) || EXIT.unexpected;
}

const MESSAGE_LENGTH_MAX = 500;

/** Their messages need no hint: the list of problems before them has one for each. */
const SAYS_ALL: readonly ErrorCode[] = ['INPUT_INVALID'];

/** What happened, in one line, and in another one what to do next. */
function describeError(error: unknown): string {
  if (error instanceof AppError)
    return SAYS_ALL.includes(error.code) ? error.message : `${error.message}\n  → ${error.hint}`;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (wantsDetails()) return stack ?? message;
  const text = message.replace(/\s*\n\s*/g, ' ').slice(0, MESSAGE_LENGTH_MAX);
  return isOfSystem(error)
    ? `${text}\n  → Mend what is named here, then repeat the command.`
    : `unexpected error: ${text}\n  → Please report it; LOG_LEVEL=debug shows where it happened.`;
}

/** Whether the operating system refused something: the message says what, and of which file or address. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
