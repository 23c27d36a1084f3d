/** How a process that runs until it is told to end, does not begin. */
import { AppError } from '../errors.ts';

/** Begins; where that fails, says why in one line on standard error, and lets the process end with 1. */
export async function beginOrExit(begin: () => Promise<void>): Promise<void> {
  try {
    await begin();
  } catch (error) {
    process.stderr.write(`onboard: ${describeInOneLine(error)}\n`);
    process.exitCode = 1;
  }
}

/** What happened, and what to do next where we know. */
export function describeInOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = error instanceof AppError ? `${message} → ${error.hint}` : message;
  return text.replace(/\s*\n\s*/g, ' ');
}
