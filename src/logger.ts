/** Structured logs on standard error. Nothing secret or personal is passed in; the paths below are the net. */
import { destination, type Logger, pino } from 'pino';
import { printable } from './printable.ts';

/** Paths that are blanked wherever they appear at the first two levels of a log object. */
const REDACTED_KEYS = [
  'accessKeySecret',
  'AccessKeySecret',
  'securityToken',
  'SecurityToken',
  'authorization',
  'Authorization',
  'ContactMail',
  'OfficeAddress',
  'password',
  'params',
];

export type { Logger };

/** @param output by default standard error, written to before a call returns */
export function createLogger(
  level: string,
  output: { write(line: string): void } = destination({ fd: 2, sync: true }),
): Logger {
  const paths = REDACTED_KEYS.flatMap((key) => [key, `*.${key}`]);
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths, censor: '[redacted]' },
      // JSON leaves C1 and bidi as they are, and people read logs on terminals.
      hooks: { streamWrite: printable },
    },
    output,
  );
}

/** The same trouble is logged at most this often, in milliseconds; a loop without Redis would fill the disk. */
export const TROUBLE_EVERY_MS = 5_000;

/**
 * Passes one subject on, and the next only after a while: what repeats itself is said once.
 * @param now the clock, in milliseconds
 */
export function rarely<T>(
  everyMs: number,
  write: (subject: T) => void,
  now: () => number = Date.now,
): (subject: T) => void {
  let next = Number.NEGATIVE_INFINITY;
  return (subject) => {
    if (now() < next) return;
    next = now() + everyMs;
    write(subject);
  };
}
