/** How a long-running process fails to start. */
import { AppError } from '../errors.ts';
import { inLine } from '../printable.ts';

/**
 * Begins; if that fails, says why in one line on standard error. The process then ends with 2 if usage or configuration is
 * to blame, and with 1 otherwise.
 */
export async function beginOrExit(begin: () => Promise<void>): Promise<void> {
  try {
    await begin();
  } catch (error) {
    process.stderr.write(`onboard: ${describeInOneLine(error)}\n`);
    process.exitCode = error instanceof AppError && error.class === 'usage' ? 2 : 1;
  }
}

/** What happened, and what to do next if we know. */
export function describeInOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = error instanceof AppError ? `${message} → ${error.hint}` : message;
  return inLine(text.replace(/\s*\n\s*/g, ' '));
}
