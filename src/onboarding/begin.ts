/** How a long-running process fails to start. */
import { AppError } from '../errors.ts';

/** Starts; if that fails, prints why in one line on standard error and lets the process exit with code 1. */
export async function beginOrExit(begin: () => Promise<void>): Promise<void> {
  try {
    await begin();
  } catch (error) {
    process.stderr.write(`onboard: ${describeInOneLine(error)}\n`);
    process.exitCode = 1;
  }
}

/** What happened, and what to do next if we know. */
export function describeInOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = error instanceof AppError ? `${message} → ${error.hint}` : message;
  return text.replace(/\s*\n\s*/g, ' ');
}
