/**
 * Data goes to standard output, everything a person reads goes to standard error. What is printed may hold text from
 * outside, so a terminal gets nothing here that it would obey.
 */
import { PassThrough, Transform, type Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { writeTo } from '../batch/output-file.ts';
import { processEnvironment } from '../onboarding/environment.ts';
import { printable } from '../printable.ts';
import type { LiveLine } from './live-line.ts';

let live: LiveLine | undefined;

/** From now on, what is said stands above this line; undefined when there is none any more. */
export function keepBelow(line: LiveLine | undefined): void {
  live = line;
}

export function say(text: string): void {
  live?.clear();
  process.stderr.write(`${printable(text)}\n`);
  live?.draw();
}

/** As `say`, and waits if nobody reads as fast as this is said: otherwise all of it would pile up in memory. */
export async function sayAndWait(text: string): Promise<void> {
  live?.clear();
  await writeTo(process.stderr, `${printable(text)}\n`);
  live?.draw();
}

export async function print(text: string): Promise<void> {
  await writeTo(process.stdout, `${printable(text)}\n`);
}

/**
 * Standard output as a stream that may be closed; the process keeps its own. A file or a program gets every byte, a
 * terminal gets nothing that it would obey.
 */
export function openStandardOutput(): Writable {
  const front = process.stdout.isTTY ? forTerminal() : new PassThrough();
  front.pipe(process.stdout, { end: false });
  return front;
}

/** The text of a CSV or NDJSON file as a terminal may show it. */
export function forTerminal(): Transform {
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  // May be half of a line's end.
  let held = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = held + decoder.write(chunk);
      held = text.endsWith('\r') ? '\r' : '';
      const whole = text.slice(0, text.length - held.length).replaceAll('\r\n', '\n');
      done(null, printable(isFirst ? whole.replace(/^\ufeff/, '') : whole));
      isFirst &&= text === '';
    },
    flush(done) {
      done(null, printable(held + decoder.end()));
    },
  });
}

/** Whether a line can be written again in place: on a terminal that knows how to move its cursor. */
export const isInteractive = () => process.stderr.isTTY === true && processEnvironment().TERM !== 'dumb';

/** Replaces the last line of the terminal, for as long as nothing else is said. @param text of ASCII: a column each */
export function redraw(text: string): void {
  // In the last column the cursor would already be on the way to the next line.
  process.stderr.write(`\r\u001b[2K${printable(text).slice(0, (process.stderr.columns || 80) - 1)}`);
}
