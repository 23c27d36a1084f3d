/** Exit codes, and how an error becomes one. */
import { AppError, type ErrorCode } from '../errors.ts';

export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  inputInvalid: 3,
  rowsFailed: 4,
  refused: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof AppError)) return EXIT.unexpected;
  if (error.code.startsWith('INPUT_')) return EXIT.inputInvalid;
  if (error.class === 'account') return EXIT.refused;
  return error.class === 'usage' ? EXIT.usage : EXIT.unexpected;
}

const SAYS_ALL: ErrorCode[] = ['INPUT_INVALID'];

/** What happened, and what to do next. */
export function describeError(error: unknown): string {
  if (error instanceof AppError)
    return SAYS_ALL.includes(error.code) ? error.message : `${error.message}\n  → ${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
