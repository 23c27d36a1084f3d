/** Data goes to standard output, everything a person reads goes to standard error. */
import { writeTo } from '../batch/output-file.ts';
import { processEnvironment } from '../onboarding/environment.ts';
import type { LiveLine } from './live-line.ts';

let live: LiveLine | undefined;

/** From now on, what is said stands above this line; undefined when there is none any more. */
export function keepBelow(line: LiveLine | undefined): void {
  live = line;
}

export function say(text: string): void {
  live?.clear();
  process.stderr.write(`${text}\n`);
  live?.draw();
}

export async function print(text: string): Promise<void> {
  await writeTo(process.stdout, `${text}\n`);
}

/** Whether a line can be written again in place: on a terminal that knows how to move its cursor. */
export const isInteractive = () => process.stderr.isTTY === true && processEnvironment().TERM !== 'dumb';
