/** What ends this process besides its command: an output that nobody reads, Ctrl-C, an error that nobody caught. */
import { unwritable } from '../batch/output-place.ts';
import { EXIT, fail } from './exit.ts';
import { partingSentence } from './interrupt.ts';
import { isInteractive, say } from './output.ts';

/** @param isService it runs until a signal ends it, which it handles itself, as it does its own errors once it has started */
export function guardProcess({ isService }: { isService: boolean }): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE')
        process.exit(
          stream === process.stderr ? EXIT.unexpected : fail(unwritable('Standard output', error)),
        );
      // Quietly, as the system ends `cat`. A service does not live for its output.
      if (!isService) process.exit(EXIT.readerGone);
    });
  if (!isService) process.once('SIGINT', leave);
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') === 1) process.exit(fail(error));
  });
}

function leave(): never {
  // The terminal has written ^C into the current line, and the bar may stand there.
  say(`${isInteractive() ? '\n' : ''}${partingSentence()}`);
  process.exit(EXIT.interrupted);
}
