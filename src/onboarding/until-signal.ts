/** How a process that runs until it is told to stop, stops. */
import closeWithGrace from 'close-with-grace';
import type { Logger } from '../logger.ts';

const MS_PER_SECOND = 1_000;

export interface GraceOptions {
  /** Time for `close` after the first signal; a second one ends the process at once. */
  graceSeconds: number;
  /** Logs why the process ends, if that is an error of ours. */
  logger?: Logger;
}

/** Closes once, on SIGTERM, SIGINT or an uncaught error, and then ends the process. */
export function untilSignal(close: () => Promise<void>, { graceSeconds, logger }: GraceOptions): void {
  closeWithGrace({ delay: graceSeconds * MS_PER_SECOND, logger: false }, async ({ err }) => {
    const { message: error, stack } = err ?? {};
    if (err) logger?.fatal({ event: 'process_crashed', error, stack }, 'unexpected error');
    await close();
  });
}
